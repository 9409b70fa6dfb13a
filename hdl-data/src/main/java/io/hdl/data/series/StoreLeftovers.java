package io.hdl.data.series;

import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes what nobody needs any more from the folder of a table's stores. */
final class StoreLeftovers {
  private static final Duration ABANDONED = Duration.ofDays(1);

  private record Dated(Path path, FileTime modified) {}

  private StoreLeftovers() {}

  /**
   * Removes files that a process left when it died while it wrote: those of one store, whose lock
   * the caller holds, and any that have not changed for a day.
   */
  static void removeUnfinished(Path folder, Path store) {
    String name = String.valueOf(store.getFileName());
    long now = System.currentTimeMillis();
    for (Dated file : list(folder, ".tmp")) {
      String other = String.valueOf(file.path().getFileName());
      boolean own = other.startsWith(".hdl-" + name.substring(0, Math.min(name.length(), 40)));
      boolean abandoned = now - file.modified().toMillis() > ABANDONED.toMillis();
      if (other.startsWith(".hdl-") && (own || abandoned)) {
        delete(file.path());
      }
    }
  }

  /** Removes all stores but the newest and those that were opened last. */
  static void removeOld(Path folder, Path newest, int kept) {
    List<Dated> stores = list(folder, ".series");
    stores.removeIf(store -> store.path().equals(newest));
    stores.sort(Comparator.comparing(Dated::modified).reversed());
    for (Dated store : stores.subList(Math.min(stores.size(), kept - 1), stores.size())) {
      delete(store.path());
      String name = String.valueOf(store.path().getFileName());
      delete(folder.resolve(name.substring(0, name.length() - ".series".length()) + ".lock"));
    }
  }

  private static List<Dated> list(Path folder, String suffix) {
    List<Dated> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (String.valueOf(file.getFileName()).endsWith(suffix)) {
          try {
            found.add(new Dated(file, Files.getLastModifiedTime(file)));
          } catch (NoSuchFileException e) {
            // Somebody else removed it meanwhile.
          }
        }
      }
    } catch (IOException e) {
      throw FileFailure.of("list", folder, e);
    }
    return found;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw FileFailure.of("remove", file, e);
    }
  }
}
