package io.hdl.train.parallel;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class path as it is, but for some resources: those that lie in a folder are taken from there,
 * empty files there hide them.
 */
final class DoctoredClassPath extends ClassLoader {
  private final Path folder;

  DoctoredClassPath(Path folder) {
    super(DoctoredClassPath.class.getClassLoader());
    this.folder = folder;
  }

  @Override
  public @Nullable URL getResource(String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return super.getResource(name);
    }
    try {
      return Files.size(file) == 0 ? null : file.toUri().toURL();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!Files.isRegularFile(folder.resolve(name))) {
      return super.getResources(name);
    }
    URL url = getResource(name);
    return Collections.enumeration(url == null ? List.of() : List.of(url));
  }
}
