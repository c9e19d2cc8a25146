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
