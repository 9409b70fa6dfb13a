package io.hdl.data.transfer;

/**
 * Bytes of a file that lie in its partial file.
 *
 * @param from the first one
 * @param length how many
 * @param crc32c their CRC-32C
 */
record Piece(long from, int length, int crc32c) {
  long end() {
    return from + length;
  }
}
