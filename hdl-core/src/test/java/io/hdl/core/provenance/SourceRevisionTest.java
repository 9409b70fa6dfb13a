package io.hdl.core.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRevisionTest {
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;

  @Test
  void takesWhatABuildServerSets() throws IOException {
    repository("ref: refs/heads/main\n");
    assertThat(
            SourceRevision.find(
                folder,
                Map.of(
                    "GIT_COMMIT", "abc", "GIT_BRANCH", "release", "HDL_IMAGE_DIGEST", "sha256:1")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("git.commit", "abc", "git.branch", "release", "image", "sha256:1"));
  }

  @Test
  void readsTheBranchFromAFolderBelow() throws IOException {
    repository("ref: refs/heads/feature/x\n");
    file(".git/refs/heads/feature/x", HASH + "\n");
    Path below = Files.createDirectories(folder.resolve("a/b"));
    assertThat(SourceRevision.find(below, Map.of()))
        .containsExactlyInAnyOrderEntriesOf(Map.of("git.commit", HASH, "git.branch", "feature/x"));
  }

  @Test
  void readsPackedRefsAndDetachedHeads() throws IOException {
    repository("ref: refs/heads/main\n");
    file(
        ".git/packed-refs",
        "# pack-refs with: peeled\n"
            + "f".repeat(40)
            + " refs/heads/xmain\n"
            + HASH
            + " refs/heads/main\n");
    assertThat(SourceRevision.find(folder, Map.of())).containsEntry("git.commit", HASH);

    repository("f".repeat(40) + "\n");
    assertThat(SourceRevision.find(folder, Map.of()))
        .containsExactlyEntriesOf(Map.of("git.commit", "f".repeat(40)));
  }

  @Test
  void leavesOutWhatItCannotTell() throws IOException {
    assertThat(SourceRevision.find(folder, Map.of("GIT_COMMIT", " "))).isEmpty();
    repository("ref: refs/heads/unborn\n");
    assertThat(SourceRevision.find(folder, Map.of())).doesNotContainKey("git.commit");
    repository("nonsense");
    assertThat(SourceRevision.find(folder, Map.of())).isEmpty();
    repository("ref: ../../../etc/passwd");
    assertThat(SourceRevision.find(folder, Map.of())).isEmpty();
  }

  @Test
  void agreesWithGit() throws Exception {
    git("init", "-q", "-b", "main");
    file("a.txt", "one");
    file("src/b.txt", "two");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    assertThat(SourceRevision.find(folder, Map.of()))
        .containsEntry("git.commit", git("rev-parse", "HEAD").strip())
        .containsEntry("git.branch", "main")
        .containsEntry("git.dirty", "false");

    Files.setLastModifiedTime(folder.resolve("a.txt"), FileTime.fromMillis(1_000_000_000_000L));
    file("untracked", "x");
    assertThat(SourceRevision.find(folder, Map.of())).containsEntry("git.dirty", "false");

    file("a.txt", "ONE");
    assertThat(SourceRevision.find(folder, Map.of())).containsEntry("git.dirty", "true");
    git("add", ".");
    assertThat(SourceRevision.find(folder, Map.of())).doesNotContainKey("git.dirty");
    git("commit", "-q", "-m", "second");
    git("gc", "-q");
    assertThat(SourceRevision.find(folder, Map.of()))
        .containsEntry("git.commit", git("rev-parse", "HEAD").strip())
        .containsEntry("git.dirty", "false");
    Files.delete(folder.resolve("src/b.txt"));
    assertThat(SourceRevision.find(folder, Map.of())).containsEntry("git.dirty", "true");
    git("checkout", "-q", "src/b.txt");

    Path linked = folder.resolve("../linked-" + folder.getFileName()).normalize();
    git("worktree", "add", "-q", "-b", "side", linked.toString());
    assertThat(SourceRevision.find(linked, Map.of()))
        .containsEntry("git.commit", git("rev-parse", "HEAD").strip())
        .containsEntry("git.branch", "side")
        .containsEntry("git.dirty", "false");
    git("worktree", "remove", linked.toString());
  }

  private String git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "user.name=t", "-c", "user.email=t@example.com"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).directory(folder.toFile()).start();
    } catch (IOException absent) {
      assumeTrue(false, "git is not installed");
      throw absent;
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(err).isZero();
    return out;
  }

  private void repository(String head) throws IOException {
    file(".git/HEAD", head);
  }

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
