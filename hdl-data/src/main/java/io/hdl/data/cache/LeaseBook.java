package io.hdl.data.cache;

import com.google.common.hash.Hashing;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The leases of a tier, each a text file: who, which table and version, until when, and which
 * files. Thread-safe.
 */
final class LeaseBook {
  private static final String FORMAT = "hdl-lease 1";
  private static final String SUFFIX = ".lease";

  private final Path folder;

  /** A lease as it is written. */
  record Lease(String holder, String table, long version, Instant until, List<RemoteFile> files) {
    Lease {
      files = List.copyOf(files);
    }

    /** The same holder has one lease on a version. */
    String name() {
      String id = holder + "\0" + table + "\0" + version;
      return Hashing.sha256().hashString(id, StandardCharsets.UTF_8).toString().substring(0, 32)
          + SUFFIX;
    }
  }

  LeaseBook(Path folder) {
    this.folder = folder;
  }

  void write(Lease lease) {
    StringBuilder text = new StringBuilder(FORMAT);
    text.append("\nholder ").append(line(lease.holder()));
    text.append("\ntable ").append(line(lease.table()));
    text.append("\nversion ").append(lease.version());
    text.append("\nuntil ").append(lease.until());
    for (RemoteFile file : lease.files()) {
      text.append("\nfile ").append(file.size()).append(' ').append(file.uri());
      file.etag().ifPresent(etag -> text.append(' ').append(line(etag)));
    }
    AtomicPublish.text(folder.resolve(lease.name()), text.append("\nend\n").toString());
  }

  void remove(Lease lease) throws IOException {
    Files.deleteIfExists(folder.resolve(lease.name()));
  }

  /** The places of all files that a lease keeps. Leases that have ended are removed. */
  Set<String> kept(Instant now) throws IOException {
    Set<String> kept = new HashSet<>();
    for (Lease lease : all(now)) {
      for (RemoteFile file : lease.files()) {
        kept.add(CacheKey.of(file).id());
      }
    }
    return kept;
  }

  /** Those that have not ended. Others are removed. */
  List<Lease> all(Instant now) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(folder)) {
      found.filter(file -> file.toString().endsWith(SUFFIX)).sorted().forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<Lease> leases = new ArrayList<>();
    for (Path file : files) {
      Optional<Lease> lease = read(file);
      if (lease.isPresent() && lease.get().until().isAfter(now)) {
        leases.add(lease.get());
      } else if (lease.isPresent()) {
        Files.deleteIfExists(file);
      }
    }
    return leases;
  }

  private static Optional<Lease> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = List.of(Files.readString(file).split("\n", -1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      List<RemoteFile> files = new ArrayList<>();
      for (String line : lines.subList(5, lines.indexOf("end"))) {
        String[] parts = line.split(" ", 4);
        files.add(
            new RemoteFile(
                URI.create(parts[2]),
                Long.parseLong(parts[1]),
                parts.length < 4 ? Optional.empty() : Optional.of(parts[3])));
      }
      return Optional.of(
          new Lease(
              lines.get(1).substring("holder ".length()),
              lines.get(2).substring("table ".length()),
              Long.parseLong(lines.get(3).substring("version ".length())),
              Instant.parse(lines.get(4).substring("until ".length())),
              files));
    } catch (RuntimeException e) {
      // Of another release, or damaged: it keeps nothing that could be named.
      return Optional.empty();
    }
  }

  private static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}]", " ");
  }
}
