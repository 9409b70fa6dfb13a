package io.hdl.data.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/** What of a journal's claims is true: the pieces whose bytes are read back and have their sum. */
final class ProvenPieces {
  private static final int READ_AT_ONCE = 1 << 18;

  private ProvenPieces() {}

  /**
   * The true ones, in order, none of them over another.
   *
   * @param size the length of the file; claims beyond it are not true
   * @param checkpoint called before each piece; may throw to end this
   */
  static List<Piece> of(List<Piece> claims, FileChannel data, long size, Runnable checkpoint)
      throws IOException {
    List<Piece> claimed = new ArrayList<>(claims);
    claimed.sort(Comparator.comparingLong(Piece::from));
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AT_ONCE);
    List<Piece> proven = new ArrayList<>();
    long at = 0;
    for (Piece piece : claimed) {
      checkpoint.run();
      if (piece.from() >= at
          && piece.length() > 0
          && piece.end() <= size
          && isTrue(piece, data, buffer)) {
        proven.add(piece);
        at = piece.end();
      }
    }
    return proven;
  }

  private static boolean isTrue(Piece piece, FileChannel data, ByteBuffer buffer)
      throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = piece.from(); at < piece.end(); ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), piece.end() - at));
      int count = data.read(buffer, at);
      if (count < 0) {
        return false;
      }
      crc.update(buffer.flip());
      at += count;
    }
    return (int) crc.getValue() == piece.crc32c();
  }
}
