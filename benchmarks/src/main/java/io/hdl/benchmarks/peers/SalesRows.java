package io.hdl.benchmarks.peers;

import java.util.SplittableRandom;

/**
 * Made-up daily sales, series by series: prices of two decimals that change now and then, whole
 * units, flags, weather that the items of a store share, and measurements of full precision. The
 * same rows whenever they are asked for. Holds one row; belongs to one thread.
 */
final class SalesRows {
  static final int DAYS = 1461;
  static final int ITEMS = 256;
  private static final int FIRST_DAY = 18_262; // 2020-01-01
  private static final String[] CATEGORIES = {
    "bakery",
    "beverages",
    "cleaning",
    "dairy",
    "frozen",
    "fruit",
    "household",
    "meat",
    "pantry",
    "snacks",
    "stationery",
    "vegetables"
  };

  private final SplittableRandom random;
  private final double basePrice;
  private final double level;
  private double price;
  private int day = -1;

  final int store;
  final int item;
  final String category;
  int units;
  double revenue;
  double margin;
  float temperature;
  float discount;
  float traffic;
  boolean promo;
  boolean holiday;
  long stock;
  boolean stockKnown;

  SalesRows(int series) {
    this.random = new SplittableRandom(series);
    this.store = series / ITEMS;
    this.item = series % ITEMS;
    this.category = CATEGORIES[item % CATEGORIES.length];
    this.basePrice = 0.5 + new SplittableRandom(item).nextDouble() * 60;
    this.price = cents(basePrice);
    this.level = 0.2 + 12 * random.nextDouble() * random.nextDouble();
    this.stock = random.nextInt(500);
  }

  private static double cents(double amount) {
    return Math.round(amount * 100) / 100.0;
  }

  /** Goes to the next day; false after the last one. */
  boolean next() {
    if (++day == DAYS) {
      return false;
    }
    int weekday = day % 7;
    int ofYear = day % 365;
    if (day % 28 == item % 28) {
      price = cents(basePrice * (0.9 + 0.2 * random.nextDouble()));
    }
    promo = random.nextInt(12) == 0;
    discount = promo ? new float[] {0.05f, 0.1f, 0.2f}[random.nextInt(3)] : 0;
    holiday = ofYear == 0 || ofYear == 120 || ofYear == 358 || ofYear == 359;
    double expected = level * (weekday < 5 ? 0.8 : 1.5) * (promo ? 1.8 : 1);
    units = poisson(expected);
    revenue = cents(price * (1 - discount) * units);
    margin = revenue * (0.2 + 0.1 * random.nextDouble());
    SplittableRandom weather = new SplittableRandom(store * 4099L + day);
    temperature = (float) (11 - 9 * Math.cos(ofYear / 58.1) + 4 * (weather.nextDouble() - 0.5));
    traffic = (float) (500 + 400 * random.nextDouble());
    stock = stock < units ? 500 : stock - units;
    stockKnown = random.nextInt(50) != 0;
    return true;
  }

  private int poisson(double mean) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  /** The row's day, as days since 1970-01-01. */
  int date() {
    return FIRST_DAY + day;
  }

  double price() {
    return price;
  }
}
