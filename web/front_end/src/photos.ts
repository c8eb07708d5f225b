// Show a photo before it is sent, and make it small so that it gets through a weak network; the server checks it anyhow.
import { PHOTO_READY } from "./file_sizes.ts";

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;
const SMALL_BYTES = 600_000;

export async function smaller(photo: File): Promise<File> {
  if (photo.size <= SMALL_BYTES) return photo;
  const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const packed = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return packed ? new File([packed], "photo.jpg", { type: "image/jpeg" }) : photo;
}

function show(field: HTMLInputElement, photo: File): void {
  let picture = field.parentElement?.querySelector<HTMLImageElement>("img.photo-preview");
  if (!picture) {
    picture = document.createElement("img");
    picture.className = "photo-preview";
    picture.alt = "";
    field.after(picture);
  }
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(photo);
}

export function offerPhotos(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("form[data-photo-form] input[type=file]")) {
    field.addEventListener("change", async () => {
      const photo = field.files?.[0];
      if (!photo) return;
      try {
        const small = await smaller(photo);
        if (small !== photo) {
          const carrier = new DataTransfer();
          carrier.items.add(small);
          field.files = carrier.files;
        }
        show(field, small);
      } catch {
        // Not a picture this browser can draw: the server says what is wrong with it.
      }
      field.dispatchEvent(new Event(PHOTO_READY));
    });
  }
}
