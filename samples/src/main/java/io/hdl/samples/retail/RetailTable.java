package io.hdl.samples.retail;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Gaps;
import io.hdl.data.series.SeriesSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The made-up chain's sales as a Delta table. Its versions tell a table's life: 0 creates it, 1
 * loads the first two years, 2 and 3 append a half year each, 4 corrects a week that one store had
 * delivered twice, 5 appends the planned prices of the days to come, without sales.
 */
public final class RetailTable {
  /** Number of the version that corrects the week of {@link #WRONG_STORE}. */
  public static final long CORRECTION = 4;

  /** Number of the last version, with everything. */
  public static final long LATEST = 5;

  static final String WRONG_STORE = "S02";
  static final int WRONG_FROM = 350;
  static final int WRONG_TO = 357;

  private static final List<Column> COLUMNS =
      List.of(
          Column.of("store", ColumnType.STRING),
          Column.of("product", ColumnType.STRING),
          Column.of("date", ColumnType.DATE),
          Column.of("units", ColumnType.DOUBLE),
          Column.of("price", ColumnType.DOUBLE),
          Column.of("discount", ColumnType.DOUBLE),
          Column.of("on_promotion", ColumnType.BOOLEAN),
          Column.of("is_holiday", ColumnType.BOOLEAN),
          Column.of("weekday", ColumnType.STRING),
          Column.of("stock_out", ColumnType.BOOLEAN),
          Column.of("store_type", ColumnType.STRING),
          Column.of("category", ColumnType.STRING));

  private RetailTable() {}

  /** How series are made of the table: the key, the time, and every column in its role. */
  public static SeriesSpec series() {
    return SeriesSpec.keyedBy("store", "product")
        .orderedBy("date", Frequency.DAILY)
        .target("units")
        .known("discount", "on_promotion", "is_holiday", "weekday")
        .past("stock_out")
        .constant("store_type", "category")
        .gaps(Gaps.MISSING);
  }

  /**
   * The table of a generator's sales in a folder: the one that is there, else it is written now,
   * all versions of it or none.
   *
   * @param folder the table's folder
   * @return whether it was written now
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if it cannot be written
   */
  public static boolean ensure(Path folder, RetailGenerator generator) {
    if (Files.exists(folder)) {
      return false;
    }
    Path unfinished = folder.resolveSibling("." + folder.getFileName() + ".unfinished");
    try {
      delete(unfinished);
      Files.createDirectories(unfinished);
      write(unfinished, generator);
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE,
          "Cannot write the sample's table to "
              + folder
              + ": "
              + e
              + ". Choose a writable home directory.",
          e);
    }
  }

  /** Writes all versions into an empty folder. */
  static void write(Path folder, RetailGenerator generator) {
    int sold = generator.soldDays();
    int firstLoad = sold * 2 / 3;
    int halfYear = (sold - firstLoad) / 2;
    int third = firstLoad + halfYear;
    DeltaTableWriter table = DeltaTableWriter.create(folder, COLUMNS);
    // Drawn once and kept: five of the versions read them.
    List<RetailSeries> all =
        IntStream.range(0, generator.seriesCount()).mapToObj(generator::series).toList();
    table.append(() -> new Rows(generator, all, day -> day < firstLoad, false));
    table.append(() -> new Rows(generator, all, day -> day >= firstLoad && day < third, false));
    table.append(() -> new Rows(generator, all, day -> day >= third && day < sold, false));
    table.overwrite(() -> new Rows(generator, all, day -> day < sold, true));
    table.append(() -> new Rows(generator, all, day -> day >= sold, true));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  /** The rows of all series on the chosen days, series by series. */
  private static final class Rows implements Iterator<@Nullable Object[]> {
    private final RetailGenerator generator;
    private final List<RetailSeries> all;
    private final IntPredicate days;
    private final boolean corrected;
    private int number;
    private RetailSeries series;
    private int day = -1;

    Rows(RetailGenerator generator, List<RetailSeries> all, IntPredicate days, boolean corrected) {
      this.generator = generator;
      this.all = all;
      this.days = days;
      this.corrected = corrected;
      this.series = all.get(0);
      advance();
    }

    private void advance() {
      do {
        day++;
        if (day == series.days()) {
          number++;
          if (number == all.size()) {
            return;
          }
          series = all.get(number);
          day = 0;
        }
      } while (!days.test(day) || !series.present(day));
    }

    @Override
    public boolean hasNext() {
      return number < all.size();
    }

    @Override
    public @Nullable Object[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      @Nullable Object[] row = {
        series.store(),
        series.product(),
        generator.date(day),
        units(),
        (double) series.price(day),
        (double) series.discount(day),
        series.discount(day) > 0,
        generator.holiday(day),
        generator.date(day).getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT),
        day < series.soldDays() ? (Boolean) series.stockOut(day) : null,
        series.storeType(),
        series.category()
      };
      advance();
      return row;
    }

    private @Nullable Double units() {
      if (day >= series.soldDays()) {
        return null;
      }
      boolean wrong =
          !corrected && series.store().equals(WRONG_STORE) && day >= WRONG_FROM && day < WRONG_TO;
      return (double) series.units(day) * (wrong ? 2 : 1);
    }
  }
}
