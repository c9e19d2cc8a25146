// En el editor de formularios: una condición se arma con listas hechas de las preguntas que hay en pantalla.
// El campo guarda la clave de la pregunta u opción; nadie la escribe ni la ve.

const datos = JSON.parse(document.getElementById("formularios-datos").textContent);
// «formulario-3-value-condicion-reglas-0-value-pregunta» → el formulario, el puesto del bloque y la regla.
const NOMBRE = /^((.+?)-(\d+)-value-condicion-reglas-\d+-value-)(?:pregunta|valor)$/;
// Un cupo («cupos-0-value-pregunta») mira cualquier pregunta de opciones del formulario.
const CUPO = /^(cupos-\d+-value-)(?:pregunta|valor)$/;
const CON_CUPO = ["unica", "multiple", "desplegable", "lugar"];

const campo = (nombre) => document.getElementsByName(nombre)[0];
const dicho = (nombre) => campo(nombre)?.value ?? "";

/** Los hijos vivos de una lista o un formulario, en el orden en que se ven. */
function hijos(prefijo) {
  const cuantos = Number(dicho(`${prefijo}-count`));
  return Array.from({ length: cuantos }, (_, n) => `${prefijo}-${n}`)
    .filter((hijo) => campo(`${hijo}-id`) && !dicho(`${hijo}-deleted`))
    .sort((a, b) => Number(dicho(`${a}-order`)) - Number(dicho(`${b}-order`)))
    .map((hijo) => ({ prefijo: hijo, clave: dicho(`${hijo}-id`), tipo: dicho(`${hijo}-type`) }));
}

function opcionesDe(pregunta) {
  const valor = `${pregunta.prefijo}-value`;
  if (pregunta.tipo === "lugar") return datos.lugares;
  if (pregunta.tipo === "si_no") return datos.si_no;
  const opciones = hijos(`${valor}-opciones`).map((o) => [o.clave, dicho(`${o.prefijo}-value-texto`)]);
  const otra = dicho(`${valor}-otra`);
  if (otra) opciones.push([`${pregunta.clave}-otra`, otra]);
  return opciones;
}

/** Rehace las opciones de una lista sin perder lo elegido; lo que ya no existe se dice. Si nada cambió no la toca: puede estar desplegada. */
function llenar(lista, opciones, elegida, perdida = datos.perdida) {
  const todas = [["", datos.elija], ...opciones];
  if (elegida && !opciones.some(([clave]) => clave === elegida)) todas.push([elegida, perdida]);
  const nuevas = todas.map(([clave, texto]) => new Option(texto || "…", clave, false, clave === elegida));
  const iguales = nuevas.every((nueva, n) => lista.options[n]?.value === nueva.value && lista.options[n].text === nueva.text);
  if (!iguales || lista.length !== nuevas.length || lista.value !== elegida) lista.replaceChildren(...nuevas);
}

/** De cada «Cuándo se muestra», si tiene condiciones; cómo se reúnen sólo se pregunta cuando hay varias. */
function resumir() {
  for (const reunir of document.querySelectorAll("[name$='-condicion-reunir']")) {
    const cuantas = hijos(reunir.name.replace(/reunir$/, "reglas")).length;
    reunir.closest("[data-contentpath]").hidden = cuantas < 2;
    const resumen = reunir.closest("[data-panel]").querySelector("[data-panel-heading-text]");
    resumen.textContent = cuantas ? datos.con_condiciones : datos.siempre;
  }
}

class Condicion extends window.StimulusModule.Controller {
  static values = { papel: String };

  connect() {
    const cupo = CUPO.exec(this.element.name);
    const partes = cupo ? [...cupo, "formulario"] : NOMBRE.exec(this.element.name);
    if (!partes) return; // la plantilla de un bloque que aún no se añade
    [, this.regla, this.formulario, this.puesto] = partes;
    this.idPropio ??= this.element.id; // al mover un bloque se vuelve a conectar, ya sin él
    this.caja = document.createElement("div");
    this.element.after(this.caja);
    this.alCambiar = () => this.dibujar();
    document.addEventListener("formularios:cambio", this.alCambiar);
    this.dibujar();
  }

  disconnect() {
    document.removeEventListener("formularios:cambio", this.alCambiar);
    this.caja?.remove();
  }

  anteriores() {
    const todos = hijos(this.formulario);
    if (!this.puesto) return todos.filter((b) => CON_CUPO.includes(b.tipo));
    const aqui = todos.findIndex((b) => b.prefijo === `${this.formulario}-${this.puesto}`);
    return todos.slice(0, Math.max(aqui, 0)).filter((b) => datos.operadores[b.tipo]);
  }

  origen() {
    const clave = dicho(`${this.regla}pregunta`);
    return hijos(this.formulario).find((bloque) => bloque.clave === clave);
  }

  dibujar() {
    if (this.element.name !== `${this.regla}${this.papelValue}`) return; // se está quitando
    if (this.papelValue === "pregunta") this.dibujarPregunta();
    else this.dibujarValor();
  }

  dibujarPregunta() {
    const lista = this.control("select");
    const preguntas = this.anteriores().map((b, n) => [b.clave, `${n + 1}. ${dicho(`${b.prefijo}-value-texto`)}`]);
    llenar(lista, preguntas, this.element.value, this.puesto ? datos.no_anterior : datos.perdida);
    this.limitarOperadores();
  }

  limitarOperadores() {
    if (!this.puesto) return;
    const lista = campo(`${this.regla}operador`);
    const admitidos = datos.operadores[this.origen()?.tipo];
    for (const opcion of lista.options) {
      opcion.hidden = opcion.disabled = Boolean(admitidos && opcion.value && !admitidos.includes(opcion.value));
    }
    if (lista.selectedOptions[0]?.disabled) lista.value = admitidos[0];
  }

  dibujarValor() {
    const origen = this.origen();
    const sobra = !origen || datos.sin_valor.includes(dicho(`${this.regla}operador`));
    const bloque = this.element.closest("[data-contentpath]");
    bloque.hidden = sobra;
    if (sobra) return;
    if (["unica", "multiple", "desplegable", "lugar", "si_no"].includes(origen.tipo)) {
      llenar(this.control("select"), opcionesDe(origen), this.element.value);
      return;
    }
    const entrada = this.control("input");
    const tipo = { numero: "number", escala: "number", fecha: "date" }[origen.tipo] ?? "text";
    if (entrada.type !== tipo) entrada.type = tipo;
    if (tipo === "number") entrada.step = "any";
    if (entrada.value !== this.element.value) entrada.value = this.element.value;
  }

  /** El control visible de esta clase: hereda el id del campo, y con él su rótulo y su ayuda. */
  control(etiqueta) {
    const hay = this.caja.firstElementChild;
    if (hay?.localName === etiqueta) return hay;
    const nuevo = document.createElement(etiqueta);
    nuevo.id = this.idPropio;
    this.element.removeAttribute("id");
    const descripcion = this.element.getAttribute("aria-describedby");
    if (descripcion) nuevo.setAttribute("aria-describedby", descripcion);
    nuevo.addEventListener("input", () => {
      this.element.value = nuevo.value;
      if (this.papelValue === "pregunta") campo(`${this.regla}valor`).value = ""; // era respuesta de la otra
      this.element.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.caja.replaceChildren(nuevo);
    return nuevo;
  }
}

window.wagtail.app.register("condicion", Condicion);

// Añadir, mover, quitar o renombrar preguntas rehace las listas; una vez por tanda de cambios.
let pendiente = 0;
function avisar() {
  cancelAnimationFrame(pendiente);
  pendiente = requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("formularios:cambio")));
}
document.addEventListener("formularios:cambio", resumir);
document.addEventListener("change", avisar);
// Wagtail vacía el resumen al abrir o cerrar.
document.addEventListener("wagtail:panel-init", avisar);
document.addEventListener("wagtail:panel-toggle", avisar);
document.addEventListener("input", (evento) => {
  if (!evento.target.closest("[data-contentpath='condicion']")) avisar();
});
// Subir, bajar, duplicar, eliminar o arrastrar no cambian ningún campo visible, y Wagtail detiene esos eventos: se captan antes.
for (const gesto of ["click", "pointerup", "dragend"]) document.addEventListener(gesto, avisar, true);
