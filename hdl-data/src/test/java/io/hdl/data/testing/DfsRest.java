package io.hdl.data.testing;

import io.hdl.data.testing.DfsFiles.Content;
import io.hdl.data.testing.DfsFiles.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Path and Filesystem operations of Azure Data Lake Storage Gen2 do ("Data Lake Storage
 * Gen2 REST API"), and the few of the Blob service that the SDK sends to the same paths. Leases,
 * conditions on dates, metadata and access control lists are left out. Thread-safe.
 */
final class DfsRest {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final DfsFiles files;

  /** Appended and not yet flushed, by container and path. */
  private final Map<String, ByteArrayOutputStream> pending = new ConcurrentHashMap<>();

  private volatile int pageSize = 5000;

  DfsRest(DfsFiles files) {
    this.files = files;
  }

  void pageSize(int entries) {
    pageSize = entries;
  }

  DfsAnswer answer(DfsRequest request) throws IOException {
    String container = request.container();
    boolean onContainer =
        request.query("resource").equals("filesystem")
            || request.query("restype").equals("container");
    if (onContainer && request.method().equals("PUT")) {
      return files.create(container)
          ? stamped(DfsAnswer.of(201), "\"0x1\"", Instant.now())
          : DfsAnswer.error(
              409, "FilesystemAlreadyExists", "The specified filesystem already exists.");
    }
    if (!files.exists(container)) {
      return DfsAnswer.error(404, "FilesystemNotFound", "The specified filesystem does not exist.");
    }
    if (onContainer) {
      return onContainer(request);
    }
    return switch (request.method()) {
      case "HEAD" -> properties(request);
      case "GET" -> read(request);
      case "PUT" -> create(request);
      case "PATCH" -> change(request);
      case "DELETE" -> delete(request);
      default -> DfsAnswer.error(405, "UnsupportedHttpVerb", "The verb is not supported.");
    };
  }

  private DfsAnswer onContainer(DfsRequest request) {
    return switch (request.method()) {
      case "HEAD" ->
          stamped(DfsAnswer.of(200), "\"0x1\"", Instant.now())
              .with("x-ms-namespace-enabled", "true");
      case "GET" -> list(request);
      case "DELETE" -> {
        files.drop(request.container());
        yield DfsAnswer.of(202);
      }
      default -> DfsAnswer.error(405, "UnsupportedHttpVerb", "The verb is not supported.");
    };
  }

  private DfsAnswer list(DfsRequest request) {
    String folder = request.query("directory").replaceAll("^/+|/+$", "");
    Optional<Node> at = files.find(request.container(), folder);
    if (at.isEmpty() || !at.get().isFolder()) {
      return pathNotFound();
    }
    boolean recursive = request.query("recursive").equalsIgnoreCase("true");
    String from = request.query("continuation");
    String asked = request.query("maxresults");
    int limit = asked.isEmpty() ? pageSize : Math.min(pageSize, Integer.parseInt(asked));
    List<Map<String, Object>> paths = new ArrayList<>();
    String next = "";
    for (Node node : files.below(request.container(), folder, recursive)) {
      if (node.name().compareTo(from) < 0) {
        continue;
      }
      if (paths.size() == limit) {
        next = node.name();
        break;
      }
      paths.add(listed(node));
    }
    DfsAnswer answer = DfsAnswer.json(Map.of("paths", paths));
    return next.isEmpty() ? answer : answer.with("x-ms-continuation", next);
  }

  /** Numbers and truth values are texts here, as the service writes them. */
  private static Map<String, Object> listed(Node node) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", node.name());
    if (node.isFolder()) {
      entry.put("isDirectory", "true");
    }
    entry.put("contentLength", Long.toString(node.size()));
    entry.put("etag", node.etag().replace("\"", ""));
    entry.put("lastModified", DATE.format(node.modified()));
    entry.put("owner", "$superuser");
    entry.put("group", "$superuser");
    entry.put("permissions", node.isFolder() ? "rwxr-x---" : "rw-r-----");
    return entry;
  }

  private DfsAnswer properties(DfsRequest request) {
    Optional<Node> found = files.find(request.container(), request.path());
    if (found.isEmpty()) {
      return pathNotFound();
    }
    Node node = found.get();
    DfsAnswer answer = described(DfsAnswer.of(200), node);
    return answer.with("Content-Length", Long.toString(node.size()));
  }

  private DfsAnswer read(DfsRequest request) {
    Optional<Node> found = files.find(request.container(), request.path());
    if (found.isEmpty()) {
      return pathNotFound();
    }
    Node node = found.get();
    Content content = node.content();
    if (content == null) {
      return DfsAnswer.error(409, "PathIsADirectory", "The path is a directory.");
    }
    Optional<String> wanted = request.header("If-Match").filter(etag -> !etag.equals("*"));
    // With its quotation marks or, as Hadoop sends it, without.
    if (wanted.isPresent()
        && !wanted.get().replace("\"", "").equals(node.etag().replace("\"", ""))) {
      return conditionNotMet();
    }
    Optional<String> range = request.header("x-ms-range").or(() -> request.header("Range"));
    if (range.isEmpty()) {
      return described(DfsAnswer.of(200), node).part(content, 0, content.size());
    }
    Matcher bounds = RANGE.matcher(range.get());
    long first = bounds.matches() ? Long.parseLong(bounds.group(1)) : Long.MAX_VALUE;
    if (first >= content.size()) {
      return DfsAnswer.error(416, "InvalidRange", "The range specified is invalid.")
          .with("Content-Range", "bytes */" + content.size());
    }
    long last =
        bounds.group(2).isEmpty()
            ? content.size() - 1
            : Math.min(content.size() - 1, Long.parseLong(bounds.group(2)));
    return described(DfsAnswer.of(206), node)
        .with("Content-Range", "bytes " + first + "-" + last + "/" + content.size())
        .part(content, first, last - first + 1);
  }

  private DfsAnswer create(DfsRequest request) {
    String container = request.container();
    Optional<Node> there = files.find(container, request.path());
    if (there.isPresent() && request.header("If-None-Match").isPresent()) {
      return DfsAnswer.error(409, "PathAlreadyExists", "The specified path already exists.");
    }
    Optional<String> source = request.header("x-ms-rename-source");
    if (source.isPresent()) {
      return rename(request, DfsRequest.decoded(source.get().replaceFirst("\\?.*$", "")));
    }
    pending.remove(container + "/" + request.path());
    return switch (request.query("resource")) {
      case "file" ->
          there.isPresent() && there.get().isFolder()
              ? DfsAnswer.error(409, "PathIsADirectory", "The path is a directory.")
              : created(files.put(container, request.path(), Content.of(new byte[0])));
      case "directory" ->
          created(
              there
                  .filter(Node::isFolder)
                  .orElseGet(() -> files.put(container, request.path(), null)));
      default ->
          DfsAnswer.error(
              400, "MissingRequiredQueryParameter", "A required query parameter is missing.");
    };
  }

  private DfsAnswer rename(DfsRequest request, String source) {
    String[] parts = source.replaceFirst("^/", "").split("/", 2);
    String from = parts.length > 1 ? parts[1] : "";
    if (from.isEmpty() || files.find(parts[0], from).isEmpty()) {
      return DfsAnswer.error(
          404, "SourcePathNotFound", "The source path for a rename operation does not exist.");
    }
    files.move(parts[0], from, request.container(), request.path());
    return created(files.find(request.container(), request.path()).orElseThrow());
  }

  private DfsAnswer change(DfsRequest request) throws IOException {
    Optional<Node> found = files.find(request.container(), request.path());
    if (found.isEmpty()) {
      return pathNotFound();
    }
    Content content = found.get().content();
    if (content == null) {
      return described(DfsAnswer.of(200), found.get());
    }
    String action = request.query("action");
    if (!action.equals("append") && !action.equals("flush")) {
      return described(DfsAnswer.of(200), found.get());
    }
    ByteArrayOutputStream staged =
        pending.computeIfAbsent(
            request.container() + "/" + request.path(), name -> copyOf(content));
    synchronized (staged) {
      long position = Long.parseLong(request.query("position"));
      if (position != staged.size()) {
        return DfsAnswer.error(400, "InvalidFlushPosition", "The uploaded data is not contiguous.");
      }
      if (action.equals("append")) {
        staged.writeBytes(request.body());
        if (!request.query("flush").equalsIgnoreCase("true")) {
          return DfsAnswer.of(202).with("x-ms-request-server-encrypted", "true");
        }
      }
      pending.remove(request.container() + "/" + request.path());
      Node flushed =
          files.put(request.container(), request.path(), Content.of(staged.toByteArray()));
      int status = action.equals("append") ? 202 : 200;
      return stamped(DfsAnswer.of(status), flushed.etag(), flushed.modified());
    }
  }

  private static ByteArrayOutputStream copyOf(Content content) {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (InputStream in = content.open()) {
      in.transferTo(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  private DfsAnswer delete(DfsRequest request) {
    Optional<Node> found = files.find(request.container(), request.path());
    if (found.isEmpty() || request.path().isEmpty()) {
      return pathNotFound();
    }
    boolean full = !files.below(request.container(), request.path(), true).isEmpty();
    if (full && !request.query("recursive").equalsIgnoreCase("true")) {
      return DfsAnswer.error(
          409, "DirectoryNotEmpty", "The recursive query parameter value must be true.");
    }
    files.remove(request.container(), request.path());
    return DfsAnswer.of(200);
  }

  private static DfsAnswer created(Node node) {
    return stamped(DfsAnswer.of(201), node.etag(), node.modified());
  }

  private static DfsAnswer described(DfsAnswer answer, Node node) {
    DfsAnswer stamped =
        stamped(answer, node.etag(), node.modified())
            .with("Accept-Ranges", "bytes")
            .with("Content-Type", "application/octet-stream")
            .with("x-ms-resource-type", node.isFolder() ? "directory" : "file")
            .with("x-ms-blob-type", "BlockBlob")
            .with("x-ms-creation-time", DATE.format(node.modified()))
            .with("x-ms-owner", "$superuser")
            .with("x-ms-group", "$superuser")
            .with("x-ms-permissions", node.isFolder() ? "rwxr-x---" : "rw-r-----")
            .with("x-ms-acl", "user::rwx,group::r-x,other::---");
    return node.isFolder() ? stamped.with("x-ms-meta-hdi_isfolder", "true") : stamped;
  }

  private static DfsAnswer stamped(DfsAnswer answer, String etag, Instant modified) {
    return answer.with("ETag", etag).with("Last-Modified", DATE.format(modified));
  }

  private static DfsAnswer pathNotFound() {
    return DfsAnswer.error(404, "PathNotFound", "The specified path does not exist.");
  }

  private static DfsAnswer conditionNotMet() {
    return DfsAnswer.error(
        412,
        "ConditionNotMet",
        "The condition specified using HTTP conditional header(s) is not met.");
  }
}
