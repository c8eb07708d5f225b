// The checkpoint's pages where scripts run: a keypad, the camera as scanner, reasons that open the camera.
import { offerKeypad } from "./keypad.ts";
import { offerPhotos } from "./photos.ts";
import { offerRefusing } from "./refusing.ts";
import { offerScanning } from "./scanning.ts";

offerKeypad(document);
offerScanning(document);
offerPhotos(document);
offerRefusing(document);
