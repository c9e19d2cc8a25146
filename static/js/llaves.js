// Llaves de acceso (WebAuthn): crear una, ingresar con ella o confirmar quién se es.
// Va en los formularios con `data-llave`, que llevan un campo oculto `credential` y nacen escondidos.

const aBytes = (texto) =>
  Uint8Array.from(atob(texto.replaceAll("-", "+").replaceAll("_", "/")), (letra) => letra.charCodeAt(0));

const aTexto = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const conocidas = (lista) => lista?.map((una) => ({ ...una, id: aBytes(una.id) }));

// Sólo lo que el servidor lee: con `toJSON` no basta, faltaba en navegadores de 2024.
function serializar(credencial) {
  const respuesta = {};
  for (const parte of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credencial.response[parte]) respuesta[parte] = aTexto(credencial.response[parte]);
  }
  return JSON.stringify({
    id: credencial.id,
    rawId: aTexto(credencial.rawId),
    type: credencial.type,
    response: respuesta,
    clientExtensionResults: credencial.getClientExtensionResults(),
    authenticatorAttachment: credencial.authenticatorAttachment,
  });
}

function crear(pedido, formulario) {
  const opciones = {
    ...pedido,
    challenge: aBytes(pedido.challenge),
    user: { ...pedido.user, id: aBytes(pedido.user.id) },
    excludeCredentials: conocidas(pedido.excludeCredentials),
  };
  const sinClave = formulario.elements.passwordless;
  if (sinClave) {
    opciones.authenticatorSelection = {
      ...opciones.authenticatorSelection,
      residentKey: sinClave.checked ? "required" : "discouraged",
      requireResidentKey: sinClave.checked,
      ...(sinClave.checked && { userVerification: "required" }),
    };
  }
  return navigator.credentials.create({ publicKey: opciones });
}

function usar(pedido) {
  const opciones = { ...pedido, challenge: aBytes(pedido.challenge), allowCredentials: conocidas(pedido.allowCredentials) };
  return navigator.credentials.get({ publicKey: opciones });
}

async function opcionesDe(formulario) {
  const escritas = document.getElementById("opciones-llave");
  if (escritas) return JSON.parse(escritas.textContent);
  const respuesta = await fetch(formulario.action, { headers: { Accept: "application/json" } });
  if (!respuesta.ok) throw new Error(`opciones: ${respuesta.status}`);
  return respuesta.json();
}

function montar(formulario) {
  const aviso = formulario.querySelector("[data-llave-error]");
  formulario.hidden = false;
  formulario.addEventListener("submit", async (evento) => {
    evento.preventDefault();
    aviso.hidden = true;
    try {
      const opciones = await opcionesDe(formulario);
      const credencial = opciones.creation_options
        ? await crear(opciones.creation_options.publicKey, formulario)
        : await usar(opciones.request_options.publicKey);
      formulario.elements.credential.value = serializar(credencial);
      formulario.submit();
    } catch {
      // Canceló, se agotó el tiempo o este equipo no tiene una: se dice y se puede repetir.
      aviso.hidden = false;
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const falta of document.querySelectorAll("[data-llave-falta]")) falta.hidden = true;
  document.querySelectorAll("form[data-llave]").forEach(montar);
}
