package io.hdl.tracking.outbox;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns an upload into uploads of single files, with a note of what each of them is like now. */
final class ArtifactFiles {
  private static final long MOST_HASHED = 8 << 20;

  private ArtifactFiles() {}

  /** The files of an upload; itself if that cannot be told. */
  static List<Item.Upload> of(Item.Upload upload) {
    try {
      if (!Files.isDirectory(upload.file())) {
        return List.of(noted(upload));
      }
      try (Stream<Path> walk = Files.walk(upload.file())) {
        return walk.filter(Files::isRegularFile)
            .sorted()
            .map(file -> noted(new Item.Upload(name(upload, file), file.toAbsolutePath())))
            .toList();
      }
    } catch (IOException | UncheckedIOException e) {
      return List.of(upload); // whoever delivers it comes upon the same failure and reports it
    }
  }

  private static String name(Item.Upload folder, Path file) {
    String below = folder.file().relativize(file).toString().replace('\\', '/');
    return folder.name().isEmpty() ? below : folder.name() + "/" + below;
  }

  private static Item.Upload noted(Item.Upload upload) {
    Path file = upload.file().toAbsolutePath();
    try {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      FilePrint print =
          new FilePrint(facts.size(), facts.lastModifiedTime().toMillis(), hash(file, facts));
      return new Item.Upload(upload.name(), file, Optional.of(print));
    } catch (IOException e) {
      return upload;
    }
  }

  /** The SHA-256 of a file that is read in a moment; the items behind it wait for it. */
  private static Optional<String> hash(Path file, BasicFileAttributes facts) throws IOException {
    return facts.isRegularFile() && facts.size() <= MOST_HASHED
        ? Optional.of(MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString())
        : Optional.empty();
  }
}
