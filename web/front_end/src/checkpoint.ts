// The checkpoint's pages where scripts run: a keypad, reasons that open the camera, and the page as an app.
import { offerKeypad } from "./keypad.ts";
import { offerPhotos } from "./photos.ts";
import { keepPage, openDesk, openForms } from "./post/desk.ts";
import { offerRefusing } from "./refusing.ts";

offerKeypad(document);
offerPhotos(document);
offerRefusing(document);
const desk = document.querySelector<HTMLElement>("[data-desk]");
if (desk) {
  keepPage(desk.dataset["worker"] ?? "");
  void openDesk(desk);
}
const forms = document.querySelector<HTMLElement>("[data-forms]");
if (forms) void openForms(forms);
