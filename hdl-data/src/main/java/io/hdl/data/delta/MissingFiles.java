package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for the files of a snapshot of a local table. A folder of which many files are wanted is
 * listed once: on a network's file system that is a fraction of the cost of asking for each.
 */
final class MissingFiles {
  private static final int LIST_FROM = 8;

  private MissingFiles() {}

  /** The data files and files of deletion vectors that are gone, in the order of the snapshot. */
  static List<Path> of(TableSnapshot snapshot) {
    if (snapshot.tableFiles().location() != TableFiles.Location.LOCAL) {
      // A lake is asked for each file once, when it is fetched.
      return List.of();
    }
    Set<Path> wanted = new LinkedHashSet<>();
    for (DataFile file : snapshot.files()) {
      wanted.add(Path.of(file.address()));
      file.deletionVector().flatMap(DeletionVector::file).map(Path::of).ifPresent(wanted::add);
    }
    Map<Path, List<Path>> byFolder = new LinkedHashMap<>();
    for (Path file : wanted) {
      Path folder = file.getParent() == null ? file : file.getParent();
      byFolder.computeIfAbsent(folder, key -> new ArrayList<>()).add(file);
    }
    Set<Path> gone = new HashSet<>();
    byFolder.forEach(
        (folder, files) -> {
          if (files.size() < LIST_FROM) {
            files.stream().filter(file -> !Files.exists(file)).forEach(gone::add);
          } else {
            Set<String> names = names(folder);
            files.stream()
                .filter(file -> !names.contains(String.valueOf(file.getFileName())))
                .filter(file -> !Files.exists(file))
                .forEach(gone::add);
          }
        });
    return wanted.stream().filter(gone::contains).toList();
  }

  private static Set<String> names(Path folder) {
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    } catch (IOException | UncheckedIOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot list " + folder + ": " + e.getMessage(), e);
    }
    return names;
  }
}
