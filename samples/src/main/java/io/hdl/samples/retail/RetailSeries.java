package io.hdl.samples.retail;

/**
 * The sales of one product in one store, day by day from the generator's first day, with what is
 * behind them. The last days, the planned ones, have prices and promotions and no sales yet.
 */
public final class RetailSeries {
  private final String store;
  private final String product;
  private final String storeType;
  private final String category;
  private final int soldDays;
  private final float[] units;
  private final double[] mean;
  private final double dispersion;
  private final double availability;
  private final float[] price;
  private final float[] discount;
  private final boolean[] stockOut;

  RetailSeries(
      String store,
      String product,
      String storeType,
      String category,
      int soldDays,
      float[] units,
      double[] mean,
      double dispersion,
      double availability,
      float[] price,
      float[] discount,
      boolean[] stockOut) {
    this.store = store;
    this.product = product;
    this.storeType = storeType;
    this.category = category;
    this.soldDays = soldDays;
    this.units = units;
    this.mean = mean;
    this.dispersion = dispersion;
    this.availability = availability;
    this.price = price;
    this.discount = discount;
    this.stockOut = stockOut;
  }

  /** Key of the store, such as {@code S03}. */
  public String store() {
    return store;
  }

  /** Key of the product, such as {@code P017}. */
  public String product() {
    return product;
  }

  /** Kind of the store: {@code city}, {@code town} or {@code hyper}. */
  public String storeType() {
    return storeType;
  }

  /** Kind of the product, such as {@code bakery}. */
  public String category() {
    return category;
  }

  /** Days with sales; the planned days follow. */
  public int soldDays() {
    return soldDays;
  }

  /** Days in all, the planned ones included. */
  public int days() {
    return price.length;
  }

  /** Whether there is a row for a day: not if the store was closed or the delivery was lost. */
  public boolean present(int day) {
    return day >= soldDays || !Float.isNaN(units[day]);
  }

  /** Units sold on a day below {@link #soldDays}; NaN if there is no row. */
  public float units(int day) {
    return units[day];
  }

  /** Price of a day, known ahead. */
  public float price(int day) {
    return price[day];
  }

  /** Share that a promotion takes off the list price, known ahead; 0 without promotion. */
  public float discount(int day) {
    return discount[day];
  }

  /** Whether the product ran out on a day, so that less was sold than wanted. */
  public boolean stockOut(int day) {
    return stockOut[day];
  }

  /**
   * The expected sales of a day under the law that they are drawn from, given everything but
   * chance: no forecast has a lower expected squared error.
   */
  public double expected(int day) {
    return availability * mean[day];
  }

  /**
   * The median of the sales of a day under the law that they are drawn from: no forecast has a
   * lower expected absolute error, so none has a lower WAPE but by luck.
   */
  public double median(int day) {
    // Sales are 0 on a share of days and negative binomial on the others.
    double cumulative = 1 - availability;
    double p = dispersion / (dispersion + mean[day]);
    double mass = availability * StrictMath.pow(p, dispersion);
    for (int k = 0; ; k++) {
      cumulative += mass;
      if (cumulative >= 0.5 || k > 1_000_000) {
        return k;
      }
      mass *= (k + dispersion) / (k + 1) * (1 - p);
    }
  }
}
