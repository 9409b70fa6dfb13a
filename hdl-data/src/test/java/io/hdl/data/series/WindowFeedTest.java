package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowFeedTest {
  private static final int CONTEXT = 3;
  private static final int HORIZON = 2;

  private static Windows windows(SeriesStore store) {
    return Windows.of(store, Split.last(0, 0), Part.TRAIN, CONTEXT, HORIZON);
  }

  private static byte[] bytes(WindowBatch batch) {
    ByteBuffer all = ByteBuffer.allocate(1 << 20);
    all.put(batch.valueBytes()).put(batch.constantBytes());
    all.put(batch.locationBytes()).put(batch.scaleBytes());
    for (int i = 0; i < batch.size(); i++) {
      all.putInt(batch.series(i)).putInt(batch.origin(i));
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"1,2", "1,5", "2,3", "4,4", "4,8"})
  void givesTheSameBatchesAsGatheringThemOneByOne(int threads, int depth) {
    FeedSettings settings = new FeedSettings(threads, depth, () -> {});
    for (long seed = 1; seed < 6; seed++) {
      SeriesStore store = Stores.random(seed);
      Windows windows = windows(store);
      Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.STANDARD);
      WindowOrder order = windows.order(seed, 2);
      BatchPlan plan = BatchPlan.of(windows.size(), 7);
      WindowBatch alone = WindowBatch.allocate(7, CONTEXT, HORIZON, store);
      try (WindowFeed feed = WindowFeed.open(windows, order, plan, scaler, settings)) {
        for (long batch = 0; batch < plan.batches(); batch++) {
          windows.gather(order, batch * 7, plan.count(batch), scaler, alone);
          try (Lease<WindowBatch> lease = feed.next()) {
            assertThat(bytes(lease.batch())).isEqualTo(bytes(alone));
          }
        }
        assertThat(feed.hasNext()).isFalse();
        // A second pass begins in the middle, as a continued training does.
        feed.begin(windows, windows.inOrder(), plan.from(plan.batches() / 2));
        for (long batch = plan.batches() / 2; batch < plan.batches(); batch++) {
          windows.gather(windows.inOrder(), batch * 7, plan.count(batch), scaler, alone);
          try (Lease<WindowBatch> lease = feed.next()) {
            assertThat(lease.number()).isEqualTo(batch);
            assertThat(bytes(lease.batch())).isEqualTo(bytes(alone));
          }
        }
      }
    }
  }

  @Test
  void theSharesOfAllReplicasMakeTheBatch() {
    SeriesStore store = Stores.random(9);
    Windows windows = windows(store);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.NONE);
    WindowOrder order = windows.order(1, 1);
    BatchPlan plan = BatchPlan.of(windows.size(), 10);
    List<List<String>> batches = new ArrayList<>();
    for (int rank = 0; rank < 3; rank++) {
      try (WindowFeed feed =
          WindowFeed.open(windows, order, plan.share(rank, 3), scaler, FeedSettings.defaults())) {
        for (int number = 0; feed.hasNext(); number++) {
          if (rank == 0) {
            batches.add(new ArrayList<>());
          }
          try (Lease<WindowBatch> lease = feed.next()) {
            for (int i = 0; i < lease.batch().size(); i++) {
              batches.get(number).add(lease.batch().series(i) + "@" + lease.batch().origin(i));
            }
          }
        }
      }
    }
    for (int number = 0; number < batches.size(); number++) {
      List<String> whole = new ArrayList<>();
      for (int i = 0; i < plan.count(number); i++) {
        long window = order.at(number * 10L + i);
        whole.add(windows.series(window) + "@" + windows.origin(window));
      }
      assertThat(batches.get(number)).isEqualTo(whole);
    }
  }

  @Test
  void aStoreThatWasClosedReachesTheConsumer() {
    SeriesStore store = Stores.random(1);
    Windows windows = windows(store);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.NONE);
    store.close();
    try (WindowFeed feed = WindowFeed.open(windows, windows.inOrder(), 4, scaler)) {
      assertThatThrownBy(feed::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The series store is closed.");
    }
  }

  @Test
  void rejectsAnOrderOfOtherWindows() {
    SeriesStore store = Stores.random(1);
    Windows windows = windows(store);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.NONE);
    WindowOrder longer = WindowOrder.sequential(windows.size() + 1);
    assertThatThrownBy(() -> WindowFeed.open(windows, longer, 4, scaler))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: an order of these windows");
  }
}
