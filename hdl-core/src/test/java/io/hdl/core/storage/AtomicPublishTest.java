package io.hdl.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicPublishTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void publishesTextWithLengthAndChecksum() {
    Path target = folder.resolve("a/b/check.txt");
    AtomicPublish.Published published = AtomicPublish.text(target, "123456789");
    assertThat(target).hasContent("123456789");
    // The check value of CRC-32C.
    assertThat(published)
        .isEqualTo(new AtomicPublish.Published(target.toAbsolutePath(), 9, 0xE3069283L));
  }

  @Test
  void writesUtf8() throws IOException {
    AtomicPublish.text(folder.resolve("x"), "Größe");
    assertThat(Files.readAllBytes(folder.resolve("x")))
        .isEqualTo("Größe".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void replacesAFileAndLeavesNothingBeside() throws IOException {
    AtomicPublish.text(folder.resolve("x"), "old");
    AtomicPublish.text(folder.resolve("x"), "new");
    assertThat(folder.resolve("x")).hasContent("new");
    assertThat(names()).containsExactly("x");
  }

  @Test
  void theTargetAppearsOnlyWhenAllIsWritten() {
    Path target = folder.resolve("x");
    AtomicPublish.file(
        target,
        out -> {
          out.write(new byte[1 << 20]);
          out.flush();
          assertThat(target).doesNotExist();
          assertThat(names()).singleElement().asString().matches("\\.hdl-x-.*\\.tmp");
        });
    assertThat(target).hasSize(1 << 20);
  }

  @Test
  void aFileThatIsWrittenByPositionAppearsWhole() throws IOException {
    Path target = folder.resolve("a/x");
    AtomicPublish.text(target, "old");
    Path published =
        AtomicPublish.channel(
            target,
            channel -> {
              channel.map(FileChannel.MapMode.READ_WRITE, 0, 8).put(4, (byte) 7);
              channel.write(ByteBuffer.wrap(new byte[] {1, 2}), 0);
              assertThat(target).hasContent("old");
            });
    assertThat(published).isEqualTo(target.toAbsolutePath());
    assertThat(Files.readAllBytes(target)).containsExactly(1, 2, 0, 0, 7, 0, 0, 0);
    assertThatThrownBy(
            () ->
                AtomicPublish.channel(
                    target,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[] {9}), 0);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    assertThat(Files.readAllBytes(target)).hasSize(8);
    try (Stream<Path> children = Files.list(target.getParent())) {
      assertThat(children).containsExactly(target);
    }
  }

  @Test
  void countsSingleBytesToo() {
    AtomicPublish.Published published =
        AtomicPublish.file(
            folder.resolve("x"),
            out -> {
              for (char c : "123456789".toCharArray()) {
                out.write(c);
                out.flush();
              }
            });
    assertThat(published.bytes()).isEqualTo(9);
    assertThat(published.crc32c()).isEqualTo(0xE3069283L);
  }

  @Test
  void keepsTheOldFileWhenTheWriterFails() throws IOException {
    AtomicPublish.text(folder.resolve("x"), "old");
    IllegalStateException failure = new IllegalStateException("no more");
    assertThatThrownBy(
            () ->
                AtomicPublish.file(
                    folder.resolve("x"),
                    out -> {
                      out.write(1);
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(folder.resolve("x")).hasContent("old");
    assertThat(names()).containsExactly("x");
  }

  @Test
  void saysThatTheDiskIsFull() throws IOException {
    AtomicPublish.text(folder.resolve("x"), "old");
    HdlException e =
        catchThrowableOfType(
            HdlException.class,
            () ->
                AtomicPublish.file(
                    folder.resolve("x"),
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }));
    assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(e.getMessage())
        .startsWith("Cannot write " + folder.resolve("x") + ": the disk is full (")
        .endsWith(" MiB free). Free space or choose a folder on another disk.");
    assertThat(names()).containsExactly("x");
  }

  @Test
  void saysThatAFileIsInTheWayOfAFolder() throws IOException {
    Files.writeString(folder.resolve("x"), "a file");
    HdlException e =
        catchThrowableOfType(
            HdlException.class, () -> AtomicPublish.text(folder.resolve("x/y"), "text"));
    assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE);
    assertThat(e)
        .hasMessage(
            "Cannot write %s: %s is in the way: a file where a folder is needed, or the reverse."
                + " Remove it or choose another path.",
            folder.resolve("x/y"), folder.resolve("x"));
  }

  @Test
  void doesNotReplaceAFolderByAFile() throws IOException {
    Files.createDirectories(folder.resolve("x/full"));
    assertThatThrownBy(() -> AtomicPublish.text(folder.resolve("x"), "text"))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("Cannot write " + folder.resolve("x") + ": ");
    assertThat(names()).containsExactly("x");
  }

  @Test
  void takesNamesAsLongAsTheFileSystemDoes() {
    Path target = folder.resolve("n".repeat(255));
    AtomicPublish.text(target, "x");
    assertThat(target).hasContent("x");
  }

  @Test
  void publishesAFolder() throws IOException {
    Path target = folder.resolve("model");
    AtomicPublish.folder(
        target,
        temporary -> {
          Files.writeString(temporary.resolve("weights"), "w");
          Files.createDirectories(temporary.resolve("extra/deep"));
          Files.writeString(temporary.resolve("extra/deep/vocabulary"), "v");
          assertThat(target).doesNotExist();
        });
    assertThat(target.resolve("weights")).hasContent("w");
    assertThat(target.resolve("extra/deep/vocabulary")).hasContent("v");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void replacesAFolderWhole() throws IOException {
    Path target = folder.resolve("model");
    AtomicPublish.folder(target, temporary -> Files.writeString(temporary.resolve("old"), "1"));
    AtomicPublish.folder(target, temporary -> Files.writeString(temporary.resolve("new"), "2"));
    assertThat(target.resolve("old")).doesNotExist();
    assertThat(target.resolve("new")).hasContent("2");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void keepsTheOldFolderWhenTheWriterFails() throws IOException {
    Path target = folder.resolve("model");
    AtomicPublish.folder(target, temporary -> Files.writeString(temporary.resolve("old"), "1"));
    assertThatThrownBy(
            () ->
                AtomicPublish.folder(
                    target,
                    temporary -> {
                      Files.writeString(temporary.resolve("half"), "2");
                      throw new IOException("Read-only file system");
                    }))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "Cannot write %s: the file system is read-only. Mount it writable or choose another"
                + " folder.",
            target);
    assertThat(target.resolve("old")).hasContent("1");
    assertThat(names()).containsExactly("model");
  }

  @Test
  void aFolderDoesNotReplaceAFile() throws IOException {
    Files.writeString(folder.resolve("model"), "a file");
    assertThatThrownBy(() -> AtomicPublish.folder(folder.resolve("model"), temporary -> {}))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("Cannot write " + folder.resolve("model") + ": ");
    assertThat(folder.resolve("model")).hasContent("a file");
    assertThat(names()).containsExactly("model");
  }
}
