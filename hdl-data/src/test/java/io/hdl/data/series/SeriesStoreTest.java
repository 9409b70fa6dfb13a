package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesStoreTest {
  private static SeriesStore.Builder builder() {
    return SeriesStore.builder(TimeAxis.integers(), Stores.CHANNELS, Stores.CONSTANTS);
  }

  @Test
  void holdsWhatWasAdded() {
    float nan = Float.NaN;
    SeriesStore store =
        builder()
            .add(SeriesKey.of("1", "7"), 5, new float[] {1, 2, 1, 3, 2}, new float[] {9})
            .add(
                SeriesKey.of("1", "8"),
                -3,
                new float[] {nan, 2, nan, nan, nan, 4, 5, 0, 6, 0, nan, 7, 1, nan, nan},
                new float[] {nan})
            .build();
    assertThat(store.seriesCount()).isEqualTo(2);
    assertThat(store.find(SeriesKey.of("1", "8"))).hasValue(1);
    assertThat(store.find(SeriesKey.of("8", "1"))).isEmpty();
    assertThat(store.keys().get(0)).hasToString("1/7");
    assertThat(store.firstStep(1)).isEqualTo(-3);
    assertThat(store.length(1)).isEqualTo(3);
    assertThat(store.targetEnd(1)).isEqualTo(2);
    assertThat(store.observed(1, 0)).isFalse();
    assertThat(store.observed(1, 1)).isTrue();
    assertThat(store.value(1, 2, 1)).isEqualTo(7f);
    assertThat(store.value(1, 2, 3)).isNaN();
    assertThat(store.constant(0, 0)).isEqualTo(9f);
    assertThat(store.constant(1, 0)).isNaN();
    // One step and three steps of five channels, each in whole eights.
    assertThat(store.bytes()).isEqualTo(24 + 64);
  }

  @Test
  void spreadsSeriesOverSegmentsWithoutCuttingOne() {
    int[] lengths = {100, 200, 50, 1000, 1};
    StoreLayout layout =
        new StoreLayout(
            List.of(
                Channel.number("y", Channel.Role.TARGET),
                new Channel("b", Channel.Role.KNOWN, Channel.Kind.BOOLEAN, List.of())));
    StoreLayout.Places places = new StoreLayout.Places(layout, 2000);
    long[] addresses = Arrays.stream(lengths).mapToLong(places::add).toArray();
    int[] sizes = places.sizes();
    // Values, and the moments of one channel after each 64 steps.
    assertThat(sizes).containsExactly(832, 1600 + 3 * 32, 400, 8000 + 15 * 32, 8);
    Segments segments = Segments.allocate(sizes);
    assertThat(segments.count()).isEqualTo(5);
    assertThat(segments.bytes()).isEqualTo(1351 * 8 + 19 * 32);
    for (int s = 0; s < lengths.length; s++) {
      int position = Segments.position(addresses[s]);
      assertThat(position + layout.recordBytes(lengths[s]))
          .isLessThanOrEqualTo(segments.buffer(addresses[s]).capacity());
      for (int i = 0; i < lengths[s] * 8; i += 4) {
        assertThat(segments.buffer(addresses[s]).getFloat(position + i)).isNaN();
      }
    }
  }

  @Test
  void refusesASeriesBeyondTwoGiB() {
    StoreLayout layout = new StoreLayout(List.of(Channel.number("y", Channel.Role.TARGET)));
    StoreLayout.Places places = new StoreLayout.Places(layout, StoreLayout.MAX_SEGMENT_BYTES);
    assertThatThrownBy(() -> places.add(500_000_000))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
        .hasMessageContaining("one series is limited to 2 GiB");
  }

  @Test
  void fillsMoreThanOneBlockWithNaN() {
    Segments segments = Segments.allocate(new int[] {1_200_012});
    for (int i = 0; i < 300_003; i++) {
      assertThat(Float.isNaN(segments.buffer(0).getFloat(i * 4))).isTrue();
    }
  }

  @Test
  void rejectsTheSameKeyTwice() {
    SeriesStore.Builder builder = builder().add(SeriesKey.of("a"), 0, new float[5], new float[1]);
    assertThatThrownBy(() -> builder.add(SeriesKey.of("a"), 0, new float[5], new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("series a was added before");
  }

  @Test
  void rejectsValuesThatNoChannelHolds() {
    assertThatThrownBy(
            () -> builder().add(SeriesKey.of("a"), 0, new float[] {1, 1, 1, 1, 3}, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "weather of series a: 3.0 (expected: a code from 0 to 2, or NaN where it is missing)");
    float infinity = Float.POSITIVE_INFINITY;
    assertThatThrownBy(
            () ->
                builder()
                    .add(SeriesKey.of("a"), 0, new float[] {infinity, 1, 1, 1, 1}, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "units of series a: Infinity (expected: a finite number, or NaN where it is missing)");
    assertThatThrownBy(
            () -> builder().add(SeriesKey.of("a"), 0, new float[] {1, 1, 2}, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("values of series a: 3 (expected: a positive multiple of 5 channels)");
  }

  @Test
  void rejectsChannelsInAnyOtherOrder() {
    List<Channel> channels =
        List.of(
            Channel.number("y", Channel.Role.TARGET),
            Channel.number("p", Channel.Role.PAST),
            Channel.number("k", Channel.Role.KNOWN));
    assertThatThrownBy(() -> SeriesStore.builder(TimeAxis.integers(), channels, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "channels: [y TARGET, p PAST, k KNOWN] (expected: one TARGET, then KNOWN, then PAST)");
  }
}
