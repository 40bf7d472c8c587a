/** Reads PMTiles: one file with all tiles, fetched in ranges. Its own file, since few installations use it. */
export { PMTiles, Protocol, TileType } from "pmtiles";
