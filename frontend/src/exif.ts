/** When and where a photo was taken survives its shrinking: the server reads both before it strips them.
 *  JPEG markers: SOI FFD8, APP1 FFE1 + length + "Exif\0\0" + TIFF; orientation is tag 0x0112 of the first directory. */
const SOI = 0xffd8;
const APP1 = 0xffe1;
const ORIENTATION = 0x0112;
const UPRIGHT = 1;

/** The Exif segment of a JPEG with its orientation set upright (a drawn copy is already turned), or null. */
export function exifOf(bytes: ArrayBuffer): Uint8Array | null {
  const view = new DataView(bytes);
  if (view.byteLength < 4 || view.getUint16(0) !== SOI) return null;
  let at = 2;
  while (at + 10 < view.byteLength) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2) + 2;
    if ((marker & 0xff00) !== 0xff00) return null;
    if (marker === APP1 && view.getUint32(at + 4) === 0x45786966) {
      const segment = new Uint8Array(bytes.slice(at, at + length));
      setUpright(new DataView(segment.buffer));
      return segment;
    }
    at += length;
  }
  return null;
}

function setUpright(segment: DataView): void {
  const tiff = 10;
  if (segment.byteLength < tiff + 8) return;
  const little = segment.getUint16(tiff) === 0x4949;
  const directory = tiff + segment.getUint32(tiff + 4, little);
  if (directory + 2 > segment.byteLength) return;
  const entries = segment.getUint16(directory, little);
  for (let n = 0; n < entries; n += 1) {
    const entry = directory + 2 + n * 12;
    if (entry + 12 > segment.byteLength) return;
    if (segment.getUint16(entry, little) === ORIENTATION) segment.setUint16(entry + 8, UPRIGHT, little);
  }
}

/** The JPEG with the segment put right after its start. */
export async function withExif(jpeg: Blob, segment: Uint8Array | null): Promise<Blob> {
  if (!segment) return jpeg;
  const bytes = await jpeg.arrayBuffer();
  return new Blob([bytes.slice(0, 2), segment as Uint8Array<ArrayBuffer>, bytes.slice(2)], { type: "image/jpeg" });
}
