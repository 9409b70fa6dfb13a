package io.hdl.train.evaluate;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Looks for a minimum without derivatives, by a simplex that reflects, grows and shrinks. Values
 * outside the bounds of a function are positive infinity.
 *
 * @see <a href="https://doi.org/10.1093/comjnl/7.4.308">Nelder and Mead: A Simplex Method for
 *     Function Minimization, The Computer Journal 7 (1965)</a>
 */
final class NelderMead {
  private static final double TOLERANCE = 1e-8;

  private NelderMead() {}

  /**
   * The best point found.
   *
   * @param steps how far the first simplex reaches along each coordinate
   * @param most most values of the function to compute, about
   */
  static double[] minimum(
      ToDoubleFunction<double[]> function, double[] start, double[] steps, int most) {
    int n = start.length;
    double[][] points = new double[n + 1][];
    double[] values = new double[n + 1];
    for (int i = 0; i <= n; i++) {
      points[i] = start.clone();
      if (i > 0) {
        points[i][i - 1] += steps[i - 1];
      }
      values[i] = function.applyAsDouble(points[i]);
      if (i > 0 && Double.isInfinite(values[i])) {
        points[i][i - 1] = start[i - 1] - steps[i - 1] / 2;
        values[i] = function.applyAsDouble(points[i]);
      }
    }
    int used = n + 1;
    while (used < most) {
      int low = least(values);
      int high = greatest(values, -1);
      int next = greatest(values, high);
      double spread = values[high] - values[low];
      if (spread <= TOLERANCE * (Math.abs(values[low]) + TOLERANCE)) {
        break;
      }
      double[] centre = centre(points, high);
      double[] reflected = along(centre, points[high], -1);
      double value = function.applyAsDouble(reflected);
      used++;
      if (value < values[low]) {
        double[] further = along(centre, points[high], -2);
        double furtherValue = function.applyAsDouble(further);
        used++;
        boolean better = furtherValue < value;
        points[high] = better ? further : reflected;
        values[high] = better ? furtherValue : value;
      } else if (value < values[next]) {
        points[high] = reflected;
        values[high] = value;
      } else {
        boolean outside = value < values[high];
        double[] nearer = along(centre, points[high], outside ? -0.5 : 0.5);
        double nearerValue = function.applyAsDouble(nearer);
        used++;
        if (nearerValue < Math.min(value, values[high])) {
          points[high] = nearer;
          values[high] = nearerValue;
        } else {
          for (int i = 0; i <= n; i++) {
            if (i != low) {
              points[i] = along(points[low], points[i], 0.5);
              values[i] = function.applyAsDouble(points[i]);
            }
          }
          used += n;
        }
      }
    }
    return points[least(values)];
  }

  private static int least(double[] values) {
    int least = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[least]) {
        least = i;
      }
    }
    return least;
  }

  private static int greatest(double[] values, int except) {
    int greatest = except == 0 ? 1 : 0;
    for (int i = 0; i < values.length; i++) {
      if (i != except && values[i] > values[greatest]) {
        greatest = i;
      }
    }
    return greatest;
  }

  private static double[] centre(double[][] points, int except) {
    double[] centre = new double[points[0].length];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; i != except && j < centre.length; j++) {
        centre[j] += points[i][j] / centre.length;
      }
    }
    return centre;
  }

  /** The point at a share of the way from one point to another. */
  private static double[] along(double[] from, double[] to, double share) {
    double[] point = new double[from.length];
    Arrays.setAll(point, i -> from[i] + share * (to[i] - from[i]));
    return point;
  }
}
