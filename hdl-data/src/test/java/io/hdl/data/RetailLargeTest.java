package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.job.Opened;
import io.hdl.core.json.Json;
import io.hdl.core.testing.TestData;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 5.9 million rows as series in a mapped file, held against what Spark summed per partition. */
class RetailLargeTest {
  private static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("store", "dept", "item")
          .orderedBy("date", Frequency.DAILY)
          .target("units")
          .known("price", "promo", "is_holiday")
          .past("temperature", "on_hand");

  @TempDir Path home;

  /** The sums of one month. */
  private static final class Month {
    long rows;
    long units;
    long cents;
    long onHand;
    long withoutOnHand;
    long promo;
    long holiday;
    long stores;
    long depts;
    long items;
    double temperature;
    String first = "9999";
    String last = "";
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void holdsWhatSparkSummedPerPartition(long version) throws IOException {
    Path table = TestData.require("delta/retail_large");
    Map<String, Month> months = new TreeMap<>();
    SeriesSource source =
        DeltaSource.at(table.resolve("table")).version(TableVersion.number(version)).series(SPEC);
    for (String how : List.of("built", "mapped")) {
      months.clear();
      try (Opened<SeriesStore> opened = source.load(home)) {
        assertThat(opened.facts()).containsEntry("series store", how);
        add(opened.data(), months);
      }
    }
    Map<String, Object> expected =
        Json.readObject(Files.readString(table.resolve("expected.json")), "expected.json");
    List<?> versions = (List<?>) Objects.requireNonNull(expected.get("versions"));
    Map<?, ?> ofVersion = (Map<?, ?>) Objects.requireNonNull(versions.get((int) version));
    List<?> partitions = (List<?>) Objects.requireNonNull(ofVersion.get("partitions"));
    assertThat(months).hasSize(partitions.size());
    for (Object each : partitions) {
      Map<?, ?> partition = (Map<?, ?>) each;
      Month month = Objects.requireNonNull(months.get((String) partition.get("year_month")));
      String name = "version " + version + ", " + partition.get("year_month");
      assertThat(month.rows).as(name).isEqualTo(number(partition, "rows").longValue());
      assertThat(month.units).as(name).isEqualTo(number(partition, "sumUnits").longValue());
      assertThat(month.cents)
          .as(name)
          .isEqualTo(Math.round(number(partition, "sumPrice").doubleValue() * 100));
      assertThat(month.onHand).as(name).isEqualTo(number(partition, "sumOnHand").longValue());
      assertThat(month.withoutOnHand)
          .as(name)
          .isEqualTo(number(partition, "nullOnHand").longValue());
      assertThat(month.promo).as(name).isEqualTo(number(partition, "truePromo").longValue());
      assertThat(month.holiday).as(name).isEqualTo(number(partition, "trueHoliday").longValue());
      assertThat(month.stores).as(name).isEqualTo(number(partition, "sumStore").longValue());
      assertThat(month.depts).as(name).isEqualTo(number(partition, "sumDept").longValue());
      assertThat(month.items).as(name).isEqualTo(number(partition, "sumItem").longValue());
      assertThat(month.temperature)
          .as(name)
          .isCloseTo(number(partition, "sumTemperature").doubleValue(), within(1e-4));
      assertThat(month.first).as(name).isEqualTo(partition.get("minDate"));
      assertThat(month.last).as(name).isEqualTo(partition.get("maxDate"));
    }
  }

  private static Number number(Map<?, ?> partition, String name) {
    return (Number) java.util.Objects.requireNonNull(partition.get(name), name);
  }

  private static void add(SeriesStore store, Map<String, Month> months) {
    String[] days = new String[2000];
    for (int s = 0; s < store.seriesCount(); s++) {
      SeriesKey key = store.keys().get(s);
      long first = store.firstStep(s);
      for (int step = 0; step < store.length(s); step++) {
        // The price is never null: where it is missing there is no row.
        float price = store.value(s, step, 1);
        if (Float.isNaN(price)) {
          continue;
        }
        int day = (int) (first + step - 14_600);
        if (days[day] == null) {
          days[day] = store.axis().label(first + step);
        }
        Month month = months.computeIfAbsent(days[day].substring(0, 7), m -> new Month());
        month.rows++;
        month.units += (long) store.value(s, step, 0);
        month.cents += Math.round(price * 100.0);
        month.promo += (long) store.value(s, step, 2);
        month.holiday += (long) store.value(s, step, 3);
        float temperature = store.value(s, step, 4);
        month.temperature += Float.isNaN(temperature) ? 0 : temperature;
        float onHand = store.value(s, step, 5);
        if (Float.isNaN(onHand)) {
          month.withoutOnHand++;
        } else {
          month.onHand += (long) onHand;
        }
        month.stores += Long.parseLong(key.values().get(0));
        month.depts += Long.parseLong(key.values().get(1));
        month.items += Long.parseLong(key.values().get(2));
        month.first = days[day].compareTo(month.first) < 0 ? days[day] : month.first;
        month.last = days[day].compareTo(month.last) > 0 ? days[day] : month.last;
      }
    }
  }
}
