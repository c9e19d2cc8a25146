// Botones que sólo sirven con JavaScript: nacen ocultos y aquí se muestran.

for (const boton of document.querySelectorAll("[data-copiar]")) {
  if (!navigator.clipboard) continue; // sin HTTPS no hay portapapeles: el enlace se copia a mano
  const campo = document.getElementById(boton.dataset.copiar);
  boton.hidden = false;
  boton.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(campo.value);
      boton.querySelector("[role=status]").textContent = boton.dataset.copiado;
    } catch {
      campo.select();
    }
  });
}

for (const boton of document.querySelectorAll("[data-imprimir]")) {
  boton.hidden = false;
  boton.addEventListener("click", () => window.print());
}

// El borrador se guarda solo mientras se escribe. Sin este programa queda el botón «Guardar borrador».

const PAUSA = 4000; // milisegundos sin escribir

for (const formulario of document.querySelectorAll("form[data-autoguardar]")) {
  const estado = formulario.querySelector("[data-guardado]");
  let espera = null;
  let enCurso = null;
  let pendiente = false;
  let detenido = false;

  const enviarlo = async () => {
    const datos = new FormData(formulario);
    for (const [campo, valor] of [...datos]) if (valor instanceof File) datos.delete(campo);
    const respuesta = await fetch(location.href, {
      method: "POST",
      body: datos,
      headers: { "X-Autoguardado": "1", Accept: "application/json" },
    });
    const dicho = await respuesta.json();
    estado.textContent = dicho.mensaje;
    if (respuesta.ok) {
      if (dicho.sello) formulario.elements.sello.value = dicho.sello;
      if (location.pathname !== dicho.url) history.replaceState(null, "", dicho.url);
    } else if (respuesta.status !== 422) {
      detenido = true; // la sesión terminó o alguien más guardó: decide la persona con el botón
    }
  };

  const guardar = () => {
    if (detenido || enCurso || formulario.elements.titulo?.value.trim() === "") return;
    pendiente = false;
    enCurso = enviarlo()
      .catch(() => {
        estado.textContent = formulario.dataset.autoguardar;
      })
      .finally(() => {
        enCurso = null;
        if (pendiente) programar();
      });
  };

  const programar = () => {
    pendiente = true;
    clearTimeout(espera);
    espera = setTimeout(guardar, PAUSA);
  };

  formulario.addEventListener("input", programar);
  formulario.addEventListener("submit", (evento) => {
    clearTimeout(espera);
    detenido = true;
    if (!enCurso) return;
    // Que lo que se está guardando no parezca, al llegar después, de otra ventana.
    evento.preventDefault();
    enCurso.finally(() => formulario.requestSubmit(evento.submitter));
  });
}
