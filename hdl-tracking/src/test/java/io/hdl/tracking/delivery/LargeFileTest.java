package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is too large to be hashed at once is known by its hash when it is delivered. */
class LargeFileTest {
  private static final RunStart RUN =
      new RunStart("1".repeat(32), Optional.empty(), "e", "run", "u", 1);

  @TempDir Path folder;

  private Path file() throws Exception {
    Path file = folder.resolve("large.bin");
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(9 << 20);
    }
    return file;
  }

  /** Reports the file in a process that ends before the server takes anything. */
  private void report(Path file) {
    try (Outbox outbox = open()) {
      assertThat(outbox.begin(RUN).put(new Item.Upload("large.bin", file))).isTrue();
    }
  }

  private Outbox open() {
    return Outbox.open(folder.resolve("outbox"), OutboxSettings.defaults(), new Deaf());
  }

  private Item.Upload delivered() {
    List<Item> items = new ArrayList<>();
    try (Outbox outbox = open()) {
      outbox.deliverTo(new Kept(items));
      assertThat(outbox.finish(Duration.ofSeconds(60)).delivered()).isTrue();
    }
    return (Item.Upload) items.get(0);
  }

  @Test
  void namesAFileThatChangedThoughItsLengthAndTimeAreTheSame() throws Exception {
    Path file = file();
    FileTime written = Files.getLastModifiedTime(file);
    report(file);
    try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
      changed.seek(5 << 20);
      changed.write(1);
    }
    Files.setLastModifiedTime(file, written);
    assertThat(UploadCheck.changed(delivered()))
        .get()
        .asString()
        .contains(file + " has changed since it was reported as artifact \"large.bin\"");
  }

  @Test
  void takesAFileThatWasTouchedForTheSame() throws Exception {
    Path file = file();
    report(file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(7));
    assertThat(UploadCheck.changed(delivered())).isEmpty();
  }

  @Test
  void tellsByLengthAndTimeWhereTheHashIsNotKnown() throws Exception {
    Path file = file();
    report(file);
    Path hashes = folder.resolve("outbox/hashes");
    Files.writeString(hashes, Files.readString(hashes).substring(0, 80)); // torn
    Item.Upload upload = delivered();
    assertThat(upload.print().orElseThrow().sha256()).isEmpty();
    assertThat(UploadCheck.changed(upload)).isEmpty();
    Files.setLastModifiedTime(file, FileTime.fromMillis(7));
    assertThat(UploadCheck.changed(upload)).isPresent();
  }

  /** Keeps what it gets; knows nothing of a run whose items are not there. */
  private record Kept(List<Item> items) implements Destination {
    @Override
    public void deliver(RunStart run, Deque<Item> waiting, Duration limit) {
      if (!run.equals(RUN)) {
        throw new HdlException(ErrorCode.INTERNAL, "another run: " + run);
      }
      items.addAll(waiting);
      waiting.clear();
    }

    @Override
    public long setAside() {
      return 0;
    }

    @Override
    public void close() {}
  }

  /** Fails on anything that is said. */
  private static final class Deaf implements OutboxObserver {
    @Override
    public void serverAway(HdlException why) {
      throw why;
    }

    @Override
    public void serverBack() {}

    @Override
    public void serverAbandoned(HdlException why) {
      throw why;
    }

    @Override
    public void diskFailed(HdlException why) {
      throw why;
    }

    @Override
    public void warning(String text) {
      throw new AssertionError(text);
    }
  }
}
