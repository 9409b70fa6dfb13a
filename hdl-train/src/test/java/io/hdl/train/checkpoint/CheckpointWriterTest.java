package io.hdl.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  @TempDir Path home;

  /** What was told, by step; may hold the writer's thread back. */
  private static final class Heard implements CheckpointWriter.Listener {
    final List<Long> written = new CopyOnWriteArrayList<>();
    final List<Long> failed = new CopyOnWriteArrayList<>();
    final CountDownLatch goOn = new CountDownLatch(1);
    volatile boolean holdsBack;

    @Override
    public void written(TrainingState state, Path file) {
      hold();
      assertThat(file).isRegularFile();
      assertThat(Thread.currentThread().getName()).isEqualTo("hdl-checkpoint");
      written.add(state.progress().step());
    }

    @Override
    public void failed(TrainingState state, HdlException why) {
      assertThat(why).hasMessageContaining("checkpoints");
      failed.add(state.progress().step());
    }

    private void hold() {
      try {
        if (holdsBack) {
          goOn.await();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static TrainingState state(long step) {
    return CheckpointsTest.state(1, 0, step, 0);
  }

  @Test
  void writesBesideTheThreadThatAsksAndOneAtATime() {
    Heard heard = new Heard();
    heard.holdsBack = true;
    Checkpoints checkpoints = new Checkpoints(home.resolve("checkpoints"), 2);
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, heard)) {
      assertThat(writer.isBusy()).isFalse();
      writer.submit(state(1));
      assertThat(writer.isBusy()).isTrue();
      assertThat(heard.written).isEmpty();
      heard.goOn.countDown();
      writer.submit(state(2));
      writer.await();
      assertThat(heard.written).containsExactly(1L, 2L);
      assertThat(writer.isBusy()).isFalse();
    }
  }

  @Test
  void goesOnAfterOneFailureAndEndsTheTrainingAtTheSecondInARow() throws IOException {
    Heard heard = new Heard();
    Path folder = home.resolve("checkpoints");
    try (CheckpointWriter writer = new CheckpointWriter(new Checkpoints(folder, 2), heard)) {
      // A file where the folder should be: nothing can be written below it.
      Files.writeString(folder, "in the way");
      writer.submit(state(1));
      writer.await();
      assertThat(heard.failed).containsExactly(1L);
      Files.delete(folder);
      writer.submit(state(2));
      writer.await();
      assertThat(heard.written).containsExactly(2L);
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(CheckpointWriterTest::delete);
      }
      Files.writeString(folder, "in the way");
      writer.submit(state(3));
      writer.submit(state(4));
      assertThatThrownBy(() -> writer.submit(state(5)))
          .isInstanceOf(HdlException.class)
          .hasMessageStartingWith(
              "Cannot keep checkpoints: two in a row could not be written, the last because:")
          .hasMessageEndingWith("Mend the disk and run the job again.");
      assertThat(heard.failed).containsExactly(1L, 3L, 4L);
    }
  }

  @Test
  void waitsForTheLastOneWhenItIsClosed() {
    Heard heard = new Heard();
    CheckpointWriter writer =
        new CheckpointWriter(new Checkpoints(home.resolve("checkpoints"), 2), heard);
    writer.submit(state(1));
    writer.close();
    assertThat(heard.written).containsExactly(1L);
    writer.close();
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
