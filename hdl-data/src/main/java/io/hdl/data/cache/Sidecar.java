package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What is recorded of a file of a tier, beside it: a few lines of text, the last of which is a
 * checksum of the others. The time of this file is that of the last access.
 *
 * @param uri the file's address
 * @param length its length in bytes
 * @param crc32c the CRC-32C of its content
 * @param etag the service's mark of its content, if it gave one
 */
record Sidecar(String uri, long length, long crc32c, Optional<String> etag) {
  private static final String FORMAT = "hdl-cache 1";
  private static final String SUFFIX = ".hdl";
  private static final int LARGEST = 1 << 14;

  static Path of(Path file) {
    return file.resolveSibling("." + file.getFileName() + SUFFIX);
  }

  static boolean isName(String name) {
    return name.startsWith(".") && name.endsWith(SUFFIX) && name.indexOf(MirrorNames.SIZE_MARK) > 0;
  }

  /** The name of the file that a sidecar is of. */
  static String fileName(String sidecar) {
    return sidecar.substring(1, sidecar.length() - SUFFIX.length());
  }

  /**
   * Reads it.
   *
   * @return empty if there is none
   * @throws Damaged if it is not what was written
   */
  static Optional<Sidecar> read(Path sidecar) throws IOException, Damaged {
    byte[] bytes;
    // Not through a channel: an interrupted thread must be able to read it.
    try (FileInputStream in = new FileInputStream(sidecar.toFile())) {
      bytes = in.readNBytes(LARGEST);
    } catch (IOException e) {
      if (Files.notExists(sidecar)) {
        return Optional.empty();
      }
      throw e;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int last = text.lastIndexOf("check ");
    if (last < 0 || !text.substring(last).equals(check(text.substring(0, last)))) {
      throw new Damaged("what is recorded of it fails its checksum");
    }
    try {
      String[] lines = text.split("\n", -1);
      if (!lines[0].equals(FORMAT)) {
        throw new Damaged("what is recorded of it is of another format");
      }
      String etag = lines[4].substring("etag ".length());
      return Optional.of(
          new Sidecar(
              lines[1].substring("uri ".length()),
              Long.parseLong(lines[2].substring("length ".length())),
              Long.parseLong(lines[3].substring("crc32c ".length()), 16),
              etag.isEmpty() ? Optional.empty() : Optional.of(etag)));
    } catch (RuntimeException e) {
      throw new Damaged("what is recorded of it cannot be read");
    }
  }

  /** Writes it so that it appears whole. A power failure may lose it; then its file is, too. */
  void write(Path sidecar, Path temporary) throws IOException {
    boolean written = false;
    try {
      Files.write(temporary, text().getBytes(StandardCharsets.UTF_8));
      Files.move(
          temporary, sidecar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written = true;
    } finally {
      if (!written) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** Whether a file that is asked for may have another content than this one. */
  boolean differsFrom(Optional<String> wantedEtag) {
    return etag.isPresent()
        && wantedEtag.isPresent()
        && !plain(etag.get()).equals(plain(wantedEtag.get()));
  }

  /** Whether it is of this file: where names differ in case alone another one may lie there. */
  boolean isOf(CacheKey key) {
    return length == key.size()
        && (uri.equals(key.file().uri().toString())
            || CacheKey.of(RemoteFile.of(URI.create(uri), length)).id().equals(key.id()));
  }

  /** The file it is of. */
  RemoteFile file() {
    return new RemoteFile(URI.create(uri), length, etag);
  }

  /** Listings give it without the quotes that answers have. */
  private static String plain(String etag) {
    return etag.replace("\"", "");
  }

  private String text() {
    String lines =
        FORMAT
            + "\nuri "
            + uri
            + "\nlength "
            + length
            + "\ncrc32c "
            + Long.toHexString(crc32c)
            + "\netag "
            + etag.orElse("").replaceAll("\\p{Cntrl}", "")
            + "\n";
    return lines + check(lines);
  }

  private static String check(String lines) {
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.UTF_8));
    return "check " + Long.toHexString(crc.getValue()) + "\n";
  }

  /** A file, or what is recorded of it, is not what was put there. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }
}
