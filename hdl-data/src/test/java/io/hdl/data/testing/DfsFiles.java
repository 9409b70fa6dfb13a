package io.hdl.data.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files and folders of the containers: names without a slash in front, in the order of their
 * characters, folders made when something is put below them. Thread-safe.
 */
final class DfsFiles {
  /** A file, or a folder where {@code content} is absent. */
  record Node(String name, @Nullable Content content, String etag, Instant modified) {
    boolean isFolder() {
      return content == null;
    }

    long size() {
      return content == null ? 0 : content.size();
    }
  }

  /** Bytes in memory, or a file that is served where it lies. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Content(byte @Nullable [] bytes, @Nullable Path file, long size) {
    static Content of(byte[] bytes) {
      return new Content(bytes, null, bytes.length);
    }

    static Content of(Path file) throws IOException {
      return new Content(null, file, Files.size(file));
    }

    InputStream open() throws IOException {
      return bytes != null
          ? new ByteArrayInputStream(bytes)
          : Files.newInputStream(Objects.requireNonNull(file));
    }
  }

  private final Map<String, NavigableMap<String, Node>> containers = new TreeMap<>();
  private long changes;

  /** False if there is one. */
  synchronized boolean create(String container) {
    return containers.putIfAbsent(container, new TreeMap<>()) == null;
  }

  synchronized boolean drop(String container) {
    return containers.remove(container) != null;
  }

  synchronized boolean exists(String container) {
    return containers.containsKey(container);
  }

  /** The file or folder of that name; the container's root is a folder of the name "". */
  synchronized Optional<Node> find(String container, String name) {
    NavigableMap<String, Node> files = containers.get(container);
    if (files == null) {
      return Optional.empty();
    }
    return name.isEmpty()
        ? Optional.of(new Node("", null, "\"0x0\"", Instant.EPOCH))
        : Optional.ofNullable(files.get(name));
  }

  /** Puts a file or (without content) a folder there and makes the folders above it. */
  synchronized Node put(String container, String name, @Nullable Content content) {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      String parent = name.substring(0, slash);
      if (!tree(container).containsKey(parent)) {
        tree(container).put(parent, node(parent, null));
      }
    }
    Node node = node(name, content);
    tree(container).put(name, node);
    return node;
  }

  /** Moves a file, or a folder with all below it, over what is there. */
  synchronized void move(String container, String from, String target, String to) {
    List<Node> moved = new ArrayList<>();
    moved.add(tree(container).get(from));
    moved.addAll(below(container, from, true));
    for (Node node : moved) {
      tree(container).remove(node.name());
      String name = to + node.name().substring(from.length());
      put(target, name, node.content());
      // A rename keeps the mark of the version.
      tree(target).put(name, new Node(name, node.content(), node.etag(), node.modified()));
    }
  }

  /** Removes a file, or a folder with all below it. */
  synchronized void remove(String container, String name) {
    below(container, name, true).forEach(node -> tree(container).remove(node.name()));
    tree(container).remove(name);
  }

  /** What lies below a folder, by name; directly, or at any depth. */
  synchronized List<Node> below(String container, String folder, boolean recursive) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    List<Node> found = new ArrayList<>();
    for (Node node : tree(container).tailMap(prefix, true).values()) {
      if (!node.name().startsWith(prefix)) {
        break;
      }
      if (recursive || node.name().indexOf('/', prefix.length()) < 0) {
        found.add(node);
      }
    }
    return found;
  }

  private NavigableMap<String, Node> tree(String container) {
    NavigableMap<String, Node> files = containers.get(container);
    if (files == null) {
      throw new IllegalArgumentException("There is no container " + container);
    }
    return files;
  }

  private Node node(String name, @Nullable Content content) {
    changes++;
    String etag = String.format(Locale.ROOT, "\"0x8D%012X\"", changes);
    return new Node(name, content, etag, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }
}
