/** More than is ever shown; cameras make files that are too large to be sent. */
const SIDE = 512;

export class NotAPicture extends Error {}

/** The picture, no larger than it has to be. Throws NotAPicture for what the browser can't read. */
export async function shrunk(picture: Blob): Promise<Blob> {
  const read = await createImageBitmap(picture).catch(() => {
    throw new NotAPicture();
  });
  const scale = SIDE / Math.min(read.width, read.height);
  if (scale >= 1) return picture;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(read.width * scale);
  canvas.height = Math.round(read.height * scale);
  canvas.getContext("2d")?.drawImage(read, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/webp", 0.9));
  return blob ?? picture;
}
