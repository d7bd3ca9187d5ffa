using Tributary.Intelligence.Features;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Features;

/// <summary>Random payments among few parties, so that their histories grow long, and outcomes that come early, late, twice and are taken back.</summary>
internal static class PaymentStream
{
    public const long FirstDayMs = 1_522_540_800_000;

    /// <summary>A set that uses every function, measure, anchor and modifier.</summary>
    public const string EveryFeature = """
        label delay 2d
        decimals 2
        amount = amount
        hour = hour
        weekday = weekday
        weekend = weekend
        night = night
        category = category else -1
        c_1h = count by customer over 1h
        c_1d = count by customer over 1d
        c_1d_before = count by customer over 1d before
        c_ever = count by customer over ever before
        c_sum_3d = sum amount by customer over 3d
        c_mean_7d = mean amount by customer over 7d
        c_mean_late = mean amount by customer over 3d after 1d
        c_max_5d = max amount by customer over 5d before
        c_std_7d = std amount by customer over 7d
        c_std_ever = std amount by customer over ever before
        c_median_7d = median amount by customer over 7d before
        c_terminals_7d = distinct terminal by customer over 7d
        ratio = ratio mean by customer over ever excluding fraud prior 1
        ratio_10d = ratio mean by customer over 10d excluding fraud
        ratio_1d = ratio mean by customer over 1d excluding fraud
        ratio_median = ratio median by customer over 9d
        ratio_max = ratio max by customer over ever
        c_clean_sum = sum amount by customer over 9d excluding fraud
        c_prior = mean amount by customer over 2d prior 3
        c_spikes = count by customer over 6d before where ratio >= 1.2
        c_dips = count by customer over 6d before where ratio < 0.5
        c_max_ratio = max ratio by customer over 6d before
        c_mean_ratio = mean ratio_10d by customer over 6d
        c_std_ratio = std ratio_10d by customer over 6d
        c_frauds = count fraud by customer over 5d
        c_since = since last by customer
        c_age = since first by customer
        c_same = since same terminal by customer
        c_same_days = days_since same terminal by customer
        c_km = distance by customer
        c_kmh = velocity by customer
        t_known = count by terminal over 3d after 2d
        t_risk = mean fraud by terminal over 3d else 0
        t_risk_ever = mean fraud by terminal over ever
        t_loss = sum loss by terminal over 4d after 3d
        t_plain_frauds = count fraud by terminal over 6d where ratio < 1.1
        t_spike_rate = mean fraud by terminal over 6d where ratio >= 1.1
        t_customers = distinct customer by terminal over 2d
        t_run = fraud_run by terminal
        t_clean = legitimate_run by terminal
        t_run_days = days_since run_start by terminal
        t_before_days = days_since before_run by terminal
        t_fraud_s = since last_fraud by terminal
        t_legit_s = since last_legitimate by terminal
        """;

    /// <summary>A payment every few minutes on average.</summary>
    public static PaymentEvent Next(ref SeededGenerator generator, ref long timeMs, ulong id, int parties = 5)
    {
        // Gaps of all sizes: none at all, minutes, and now and then days.
        timeMs += generator.NextInt32(20) switch
        {
            0 => 0,
            1 => generator.NextInt32(3) * 86_400_000L,
            _ => generator.NextInt32(7_200_000),
        };
        var entities = default(EntityKeys);
        entities[EntityKind.Customer] = Pseudonym.OfNumber((ulong)generator.NextInt32(parties) + 1);
        if (generator.NextInt32(10) > 0)
            entities[EntityKind.Terminal] = Pseudonym.OfNumber((ulong)generator.NextInt32(parties) + 100);
        return new PaymentEvent
        {
            Id = id,
            TimeMs = timeMs,
            AmountMinor = generator.NextInt32(10) == 0 ? 0 : generator.NextInt32(30_000),
            Category = generator.NextInt32(4) - 1,
            Place = generator.NextInt32(5) == 0 ? default : new GeoPoint(generator.NextInt32(90_000_000), generator.NextInt32(90_000_000)),
            Entities = entities,
        };
    }
}
