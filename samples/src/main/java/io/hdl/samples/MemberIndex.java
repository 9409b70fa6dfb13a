package io.hdl.samples;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.train.Forecaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file that says which members were trained with which settings, so that a comparison that was
 * stopped, or has got further candidates, trains only what it has not yet. Not for several
 * processes at once.
 */
final class MemberIndex {
  private final Optional<Path> file;
  private final Map<String, Choice.SavedMember> members = new LinkedHashMap<>();

  /** What stands in the file. */
  private record Content(Map<String, Choice.SavedMember> members) {}

  /**
   * Reads what is there.
   *
   * @param file is made with the first member; empty for an index that keeps nothing
   */
  MemberIndex(Optional<Path> file) {
    this.file = file;
    if (file.isPresent() && Files.exists(file.get())) {
      try {
        String json = Files.readString(file.get());
        members.putAll(Json.read(json, Content.class, file.get().toString()).members());
      } catch (IOException e) {
        throw new HdlException(
            ErrorCode.IO_FAILURE, "Cannot read the trained members of " + file.get() + ": " + e, e);
      }
    }
  }

  /** What tells a member from all others: the data, the training and the seed. */
  static String fingerprint(Map<String, String> data, Map<String, String> training, long seed) {
    String all = new TreeMap<>(data) + " " + new TreeMap<>(training) + " " + seed;
    return Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString();
  }

  /** A member that was trained and still lies where it was saved; the caller closes it. */
  Optional<TrainedMember> open(String fingerprint, String candidate) {
    Choice.SavedMember saved = members.get(fingerprint);
    if (saved == null || !Files.isDirectory(Path.of(saved.savedModel()))) {
      return Optional.empty();
    }
    Forecaster forecaster = Forecaster.load(Path.of(saved.savedModel()));
    if (!forecaster.weightsSha256().equals(saved.weightsSha256())) {
      forecaster.close();
      return Optional.empty();
    }
    return Optional.of(saved.member(candidate, forecaster));
  }

  /** Notes a member down, durably. */
  void add(String fingerprint, TrainedMember member) {
    members.put(fingerprint, Choice.SavedMember.of(member));
    file.ifPresent(
        path -> AtomicPublish.text(path.toAbsolutePath(), Json.writePretty(new Content(members))));
  }
}
