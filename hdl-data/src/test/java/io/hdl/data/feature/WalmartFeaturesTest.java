package io.hdl.data.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestData;
import io.hdl.data.DeltaSource;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import org.junit.jupiter.api.Test;

/** Features of the weekly sales of 45 stores. */
class WalmartFeaturesTest {
  @Test
  void makesFeaturesThatDoNotCarryTheFuture() {
    SeriesSpec spec =
        SeriesSpec.keyedBy("store", "dept")
            .orderedBy("date", Frequency.WEEKLY)
            .target("weekly_sales")
            .known("is_holiday");
    FeaturePipeline pipeline =
        FeaturePipeline.empty()
            .cyclic(CalendarField.WEEK)
            .calendar(CalendarField.MONTH)
            .lag("weekly_sales", 1, 8, 52)
            .rolling("weekly_sales", RollingStatistic.MEAN, 4, 8);
    Split split = Split.last(8, 8);
    try (Opened<SeriesStore> opened =
            DeltaSource.at(TestData.require("forecast/walmart_weekly")).series(spec).load();
        SeriesStore store = opened.data()) {
      FittedFeatures fitted = pipeline.fit(store, split, 8);
      assertThat(LeakDetector.of(store, split, 8).samples(20, 8).find(pipeline, fitted)).isEmpty();
      try (SeriesStore features = fitted.apply(store)) {
        assertThat(features.seriesCount()).isEqualTo(3331);
        assertThat(features.length(0)).isEqualTo(143 + 8);
        assertThat(FeatureStores.role(features, "weekly_sales_lag_8"))
            .isEqualTo(Channel.Role.KNOWN);
        assertThat(FeatureStores.role(features, "weekly_sales_lag_1")).isEqualTo(Channel.Role.PAST);
        // The first series begins on 2010-02-05 with sales of 24924.50.
        assertThat(FeatureStores.column(features, 0, "weekly_sales_lag_52")[52])
            .isEqualTo(24924.5f);
        assertThat(FeatureStores.column(features, 0, "calendar_month")[0]).isEqualTo(2);
        assertThat(FeatureStores.column(features, 0, "calendar_month")[150]).isEqualTo(12);
      }
    }
  }
}
