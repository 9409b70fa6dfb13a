package io.hdl.samples.retail;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Draws the sales of a made-up retail chain. The same seed and sizes give the same values on every
 * machine; each series has its own random numbers, so that a series does not change when others are
 * left out.
 *
 * <p>Sales are negative binomial around a mean made of level, trend with a bend, weekly and yearly
 * season, holidays, and price with promotions. One product in five is a slow mover that sells less
 * than twice a day. On some days a product runs out (sales fall to zero or to a part), on some a
 * row is lost.
 */
public final class RetailGenerator {
  /** The first day of every series. */
  public static final LocalDate FIRST_DAY = LocalDate.of(2023, 1, 2);

  private static final List<String> CATEGORIES =
      List.of("bakery", "beverages", "dairy", "frozen", "household", "produce", "snacks");
  private static final List<String> STORE_TYPES = List.of("city", "hyper", "town");
  // Share of the mean that each weekday sells, Monday first, for an inner-city and a big store.
  private static final double[] CITY_WEEK = {1.02, 0.98, 1.00, 1.05, 1.20, 1.05, 0.70};
  private static final double[] FAMILY_WEEK = {0.82, 0.80, 0.85, 0.95, 1.22, 1.45, 0.91};
  private static final double RUN_OUT_CHANCE = 0.006;
  private static final double LOST_ROW_CHANCE = 0.004;
  private static final double MEAN_RUN_OUT_DAYS = 2;
  private static final double SOLD_IN_RUN_OUT = 0.25;
  // Of 1 / chance days in stock the last one sells a part, and the days after it nothing.
  private static final double AVAILABILITY =
      (1 / RUN_OUT_CHANCE - 1 + SOLD_IN_RUN_OUT) / (1 / RUN_OUT_CHANCE + MEAN_RUN_OUT_DAYS);

  private final long seed;
  private final int stores;
  private final int products;
  private final int soldDays;
  private final int plannedDays;

  /**
   * A chain of any size.
   *
   * @param seed what every random number comes from
   * @param stores number of stores, 1 to 99
   * @param products number of products, each sold in every store, 1 to 999
   * @param soldDays days with sales
   * @param plannedDays days after them for which prices and promotions are planned
   */
  public RetailGenerator(long seed, int stores, int products, int soldDays, int plannedDays) {
    require("stores", stores, 1, 99);
    require("products", products, 1, 999);
    require("soldDays", soldDays, 1, 10_000);
    require("plannedDays", plannedDays, 0, 1000);
    this.seed = seed;
    this.stores = stores;
    this.products = products;
    this.soldDays = soldDays;
    this.plannedDays = plannedDays;
  }

  /** The chain of the samples: 10 stores, 50 products, three years, four weeks of plans. */
  public static RetailGenerator seeded(long seed) {
    return new RetailGenerator(seed, 10, 50, 3 * 364, 28);
  }

  /** What every random number comes from. */
  public long seed() {
    return seed;
  }

  /** Number of series: stores times products. */
  public int seriesCount() {
    return stores * products;
  }

  /** Days with sales. */
  public int soldDays() {
    return soldDays;
  }

  /** Days after them with planned prices and promotions. */
  public int plannedDays() {
    return plannedDays;
  }

  /** The date of a day, counted from 0. */
  public LocalDate date(int day) {
    return FIRST_DAY.plusDays(day);
  }

  /** Whether a day, counted from 0, is a holiday. */
  public boolean holiday(int day) {
    return RetailCalendar.holiday(date(day));
  }

  /** The number of the series of a product in a store, by their keys. */
  public int index(String store, String product) {
    int number =
        products * (Integer.parseInt(store.substring(1)) - 1)
            + Integer.parseInt(product.substring(1))
            - 1;
    if (number < 0
        || number >= seriesCount()
        || !storeKey(number / products).equals(store)
        || !productKey(number % products).equals(product)) {
      throw new IllegalArgumentException(
          "series " + store + "/" + product + " (expected: one of the generator's)");
    }
    return number;
  }

  private static String storeKey(int store) {
    return String.format(Locale.ROOT, "S%02d", store + 1);
  }

  private static String productKey(int product) {
    return String.format(Locale.ROOT, "P%03d", product + 1);
  }

  /** Draws one series; the products of a store stand beside each other. */
  public RetailSeries series(int index) {
    if (index < 0 || index >= seriesCount()) {
      throw new IndexOutOfBoundsException("series " + index + " of " + seriesCount());
    }
    int store = index / products;
    int product = index % products;
    Product traits = new Product(random(1, product));
    return new Drawing(store, product, traits, random(3, index)).series();
  }

  private Random random(long kind, long number) {
    // Two rounds of the SplitMix64 finaliser part the streams.
    long mixed = seed * 0x9E3779B97F4A7C15L + kind * 0xBF58476D1CE4E5B9L + number;
    for (int round = 0; round < 2; round++) {
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      mixed ^= mixed >>> 31;
    }
    return new Random(mixed);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  /** What a product is like in all stores, and its plan of promotions and prices. */
  private final class Product {
    final int category;
    final boolean slow;
    final double level;
    final double growth;
    final double yearlySize;
    final double yearlyPeak;
    final double elasticity;
    final double display;
    final double holidayStrength;
    final double dispersion;
    final float[] price;
    final float[] discount;

    Product(Random random) {
      category = random.nextInt(CATEGORIES.size());
      slow = random.nextInt(5) == 0;
      level = slow ? 0.2 + 1.2 * random.nextDouble() : exp(2.4 + 0.8 * random.nextGaussian());
      growth = 0.03 + 0.08 * random.nextGaussian();
      yearlySize = 0.10 + 0.30 * random.nextDouble();
      // Frozen goods and beverages peak in summer, the others where they like.
      boolean summer = category == 1 || category == 3;
      yearlyPeak = summer ? 0.54 + 0.04 * random.nextGaussian() : random.nextDouble();
      elasticity = 1.2 + 1.3 * random.nextDouble();
      display = 1.1 + 0.4 * random.nextDouble();
      holidayStrength = 0.4 + 0.9 * random.nextDouble();
      dispersion = slow ? 2 : 14 + 16 * random.nextDouble();
      price = new float[soldDays + plannedDays];
      discount = new float[price.length];
      plan(random);
    }

    /** Campaigns of one or two weeks, from Monday on, and a new list price each spring. */
    private void plan(Random random) {
      double list = Math.rint(100 * exp(1.0 + 0.7 * random.nextGaussian())) / 100 + 0.29;
      double increase = 1.01 + 0.05 * random.nextDouble();
      int next = 7 * random.nextInt(7);
      int end = 0;
      double cut = 0;
      for (int day = 0; day < price.length; day++) {
        if (day > 0 && date(day).getMonthValue() == 3 && date(day).getDayOfMonth() == 1) {
          list *= increase;
        }
        if (day == next) {
          end = day + 7 * (1 + random.nextInt(2));
          cut = 0.05 * (2 + random.nextInt(6));
          next = end + 7 * (3 + random.nextInt(6));
        }
        discount[day] = day < end ? (float) cut : 0;
        price[day] = (float) (Math.rint(100 * list * (1 - discount[day])) / 100);
      }
    }
  }

  /** One product in one store, on its way to a series. */
  private final class Drawing {
    private final int store;
    private final int number;
    private final Product product;
    private final Random random;

    Drawing(int store, int number, Product product, Random random) {
      this.store = store;
      this.number = number;
      this.product = product;
      this.random = random;
    }

    RetailSeries series() {
      Random of = random(2, store);
      int type = of.nextInt(STORE_TYPES.size());
      double size = (type == 1 ? 1.9 : 0.9) * exp(0.25 * of.nextGaussian());
      int days = product.price.length;
      double[] mean = mean(type, size);
      float[] units = new float[soldDays];
      boolean[] stockOut = new boolean[days];
      int out = 0;
      for (int day = 0; day < soldDays; day++) {
        int wanted = negativeBinomial(mean[day], product.dispersion);
        if (out == 0 && random.nextDouble() < RUN_OUT_CHANCE) {
          out = 1 + geometric(MEAN_RUN_OUT_DAYS);
          stockOut[day] = true;
          units[day] = Math.round(wanted * SOLD_IN_RUN_OUT);
        } else {
          stockOut[day] = out > 0;
          units[day] = out > 0 ? 0 : wanted;
        }
        out = Math.max(0, out - 1);
        // The last day is there always, so that every series ends on the same day.
        boolean lost = random.nextDouble() < LOST_ROW_CHANCE && day < soldDays - 1;
        if (lost || RetailCalendar.closed(date(day))) {
          units[day] = Float.NaN;
        }
      }
      return new RetailSeries(
          storeKey(store),
          productKey(number),
          STORE_TYPES.get(type),
          CATEGORIES.get(product.category),
          soldDays,
          units,
          mean,
          product.dispersion,
          AVAILABILITY,
          product.price,
          product.discount,
          stockOut);
    }

    private double[] mean(int type, double size) {
      double level = product.level * size * exp(0.3 * random.nextGaussian());
      double growth = product.growth + 0.04 * random.nextGaussian();
      int bend = random.nextInt(soldDays);
      double after = growth + 0.08 * random.nextGaussian();
      double[] week = type == 0 ? CITY_WEEK : FAMILY_WEEK;
      double[] mean = new double[product.price.length];
      for (int day = 0; day < mean.length; day++) {
        double years = Math.min(day, bend) / 364.0;
        double yearsAfter = Math.max(0, day - bend) / 364.0;
        LocalDate date = date(day);
        double phase = date.getDayOfYear() / 365.25 - product.yearlyPeak;
        double year =
            product.yearlySize * StrictMath.cos(2 * Math.PI * phase)
                + 0.25 * product.yearlySize * StrictMath.cos(4 * Math.PI * phase);
        double promoted =
            product.discount[day] > 0
                ? product.display * StrictMath.pow(1 - product.discount[day], -product.elasticity)
                : 1;
        mean[day] =
            level
                * exp(growth * years + after * yearsAfter + year)
                * week[date.getDayOfWeek().getValue() - 1]
                * RetailCalendar.lift(date, product.holidayStrength)
                * promoted;
      }
      return mean;
    }

    /** A Poisson number around a gamma number: mean {@code mean}, variance mean + mean²/size. */
    private int negativeBinomial(double mean, double size) {
      return poisson(gamma(size) * mean / size);
    }

    /** Marsaglia and Tsang's method for shapes of 1 and more. */
    private double gamma(double shape) {
      double d = shape - 1.0 / 3;
      double c = 1 / StrictMath.sqrt(9 * d);
      while (true) {
        double x = random.nextGaussian();
        double v = 1 + c * x;
        if (v > 0) {
          v = v * v * v;
          double u = random.nextDouble();
          if (StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
            return d * v;
          }
        }
      }
    }

    /** Knuth's method in pieces of at most 30, so that no factor underflows. */
    private int poisson(double mean) {
      int count = 0;
      for (double left = mean; left > 0; left -= 30) {
        double limit = exp(-Math.min(30, left));
        double draw = random.nextDouble();
        while (draw > limit) {
          count++;
          draw *= random.nextDouble();
        }
      }
      return count;
    }

    private int geometric(double mean) {
      int count = 0;
      while (random.nextDouble() > 1 / (1 + mean)) {
        count++;
      }
      return count;
    }
  }

  private static double exp(double value) {
    return StrictMath.exp(value);
  }
}
