package io.hdl.core.provenance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The revision of the application that runs, found without running git: {@code GIT_COMMIT} and
 * {@code GIT_BRANCH}, as build servers set them, else the repository that the working directory
 * lies in (gitrepository-layout(5): {@code HEAD}, loose and packed refs, linked worktrees); and the
 * image that it runs in, {@code HDL_IMAGE_DIGEST}. What cannot be told is left out.
 */
final class SourceRevision {
  /** Names of the facts. */
  static final String COMMIT = "git.commit";

  static final String BRANCH = "git.branch";
  static final String DIRTY = "git.dirty";
  static final String IMAGE = "image";

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
  private static final String REF = "ref: ";
  private static final int MOST_HOPS = 5;

  private SourceRevision() {}

  /** Commit, branch, whether files differ from it, and image, by name. */
  static Map<String, String> find(Path workingDirectory, Map<String, String> environment) {
    Map<String, String> facts = new LinkedHashMap<>();
    value(environment, "GIT_COMMIT")
        .ifPresentOrElse(
            commit -> {
              facts.put(COMMIT, commit);
              value(environment, "GIT_BRANCH").ifPresent(branch -> facts.put(BRANCH, branch));
            },
            () -> repository(workingDirectory, facts));
    value(environment, "HDL_IMAGE_DIGEST").ifPresent(digest -> facts.put(IMAGE, digest));
    return facts;
  }

  private static void repository(Path workingDirectory, Map<String, String> facts) {
    try {
      for (Path folder = workingDirectory.toAbsolutePath();
          folder != null;
          folder = folder.getParent()) {
        Path git = folder.resolve(".git");
        if (Files.exists(git)) {
          read(folder, Files.isDirectory(git) ? git : linked(git), facts);
          return;
        }
      }
    } catch (IOException | InvalidPathException | SecurityException unreadable) {
      // A fact that is nice to have.
    }
  }

  /** In a linked worktree {@code .git} is a file that names the folder. */
  private static Path linked(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return text.startsWith("gitdir:")
        ? file.resolveSibling(text.substring("gitdir:".length()).strip()).normalize()
        : file;
  }

  private static void read(Path worktree, Path git, Map<String, String> facts) throws IOException {
    Path common = git;
    if (Files.isRegularFile(git.resolve("commondir"))) {
      common = git.resolve(Files.readString(git.resolve("commondir")).strip()).normalize();
    }
    String head = Files.readString(git.resolve("HEAD")).strip();
    for (int hop = 0; head.startsWith(REF) && hop < MOST_HOPS; hop++) {
      String ref = head.substring(REF.length());
      if (ref.startsWith("refs/heads/")) {
        facts.put(BRANCH, ref.substring("refs/heads/".length()));
      }
      head = ref(git, common, ref).orElse("");
    }
    if (HASH.matcher(head).matches()) {
      facts.put(COMMIT, head);
      GitIndex.isDirty(worktree, git.resolve("index"))
          .ifPresent(dirty -> facts.put(DIRTY, dirty.toString()));
    }
  }

  private static Optional<String> ref(Path git, Path common, String ref) throws IOException {
    for (Path base : new Path[] {git, common}) {
      Path loose = base.resolve(ref).normalize();
      if (loose.startsWith(base) && Files.isRegularFile(loose)) {
        return Optional.of(Files.readString(loose).strip());
      }
    }
    Path packed = common.resolve("packed-refs");
    if (!Files.isRegularFile(packed)) {
      return Optional.empty();
    }
    return Files.readAllLines(packed).stream()
        .filter(line -> line.endsWith(" " + ref))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .findFirst();
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    @Nullable String value = environment.get(name);
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
  }
}
