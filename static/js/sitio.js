// Mejoras que no hacen falta para usar el sitio: ayudas de lectura recordadas y menús que se cierran solos.

const raiz = document.documentElement;
const [MINIMO, MAXIMO] = [-1, 3];

function leer(clave) {
  try {
    return localStorage.getItem(clave);
  } catch {
    return null; // almacenamiento bloqueado: la ayuda sirve hasta salir de la página
  }
}

function guardar(clave, valor) {
  try {
    localStorage.setItem(clave, valor);
  } catch {
    /* ídem */
  }
}

function aplicarTexto(nivel) {
  const acotado = Math.min(MAXIMO, Math.max(MINIMO, Number(nivel) || 0));
  raiz.dataset.texto = String(acotado);
  return acotado;
}

function aplicarContraste(alto) {
  if (alto) raiz.dataset.contraste = "alto";
  else delete raiz.dataset.contraste;
}

aplicarTexto(leer("texto"));
aplicarContraste(leer("contraste") === "alto");

function montarAyudas() {
  const plantilla = document.getElementById("ayudas-lectura");
  if (!plantilla) return;
  plantilla.replaceWith(plantilla.content);
  const contraste = document.querySelector("button[data-contraste]");
  contraste.setAttribute("aria-pressed", String(raiz.dataset.contraste === "alto"));
  contraste.addEventListener("click", () => {
    const alto = raiz.dataset.contraste !== "alto";
    aplicarContraste(alto);
    contraste.setAttribute("aria-pressed", String(alto));
    guardar("contraste", alto ? "alto" : "");
  });
  for (const boton of document.querySelectorAll("button[data-texto]")) {
    boton.addEventListener("click", () => {
      const paso = boton.dataset.texto === "mas" ? 1 : -1;
      guardar("texto", aplicarTexto(Number(raiz.dataset.texto) + paso));
    });
  }
}

function montarMenus() {
  const ramas = [...document.querySelectorAll(".menu__rama")];
  document.addEventListener("click", (evento) => {
    for (const rama of ramas) if (!rama.contains(evento.target)) rama.open = false;
  });
  document.addEventListener("keydown", (evento) => {
    if (evento.key !== "Escape") return;
    for (const rama of ramas.filter((r) => r.open)) {
      rama.open = false;
      rama.querySelector("summary").focus();
    }
  });
}

function montar() {
  montarAyudas();
  montarMenus();
  document.querySelector(".resumen-errores")?.focus();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", montar);
else montar();
