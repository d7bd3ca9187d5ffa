using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Reads compiled features off a payment and the states of its parties. Integers become a floating-point number in the last step, by operations
/// that IEEE 754 rounds correctly, so equal states give equal bits (distances alone use the machine's sine).
/// </summary>
internal ref struct FeatureReader(in PaymentEvent payment, EntityHistory[] histories, int[] slots, long amounts, long payments)
{
    private const long DayMs = 86_400_000;
    private const long HourMs = 3_600_000;

    private readonly ref readonly PaymentEvent _payment = ref payment;
    private int _readHistory = -1;
    private Span<long> _state;
    private int _travelledHistory = -1;
    private double _travelledKm;

    /// <summary>The value of a feature, or what the definition puts in its place.</summary>
    public float Read(in FeatureOp op)
    {
        if (op.History < 0)
            return OrElse(ReadPayment(op), op);
        if (_readHistory != op.History)
        {
            // The plan puts the features of one party side by side: its state is found once for all of them.
            _readHistory = op.History;
            _state = slots[op.History] is >= 0 and var slot ? histories[op.History].State(slot) : default;
        }

        return _state.IsEmpty ? op.Else : OrElse(ReadHistory(op, histories[op.History], _state), op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float OrElse(double value, in FeatureOp op) => double.IsNaN(value) ? op.Else : (float)value;

    private double ReadPayment(in FeatureOp op)
    {
        var timeMs = _payment.TimeMs;
        switch (op.Code)
        {
            case FeatureOpCode.Amount:
                return _payment.AmountMinor * op.Scale;
            case FeatureOpCode.Hour:
                return timeMs % DayMs / HourMs;
            case FeatureOpCode.Weekday:
                return Weekday(timeMs);
            case FeatureOpCode.Weekend:
                return Weekday(timeMs) >= 5 ? 1 : 0;
            case FeatureOpCode.Night:
                return timeMs % DayMs < 7 * HourMs ? 1 : 0;
            default:
                return _payment.Category == PaymentEvent.NoCategory ? double.NaN : _payment.Category;
        }

        // 1970-01-01 was a Thursday, day 3 of a week that begins on Monday.
        static long Weekday(long timeMs) => ((timeMs / DayMs) + 3) % 7;
    }

    private double ReadHistory(in FeatureOp op, EntityHistory history, Span<long> state)
    {
        switch (op.Code)
        {
            case FeatureOpCode.Payments:
                return Tally.Payments(state[op.A]);
            case FeatureOpCode.Frauds:
                return Tally.Frauds(state[op.A]);
            case FeatureOpCode.FraudRate:
                return Tally.Payments(state[op.A]) is > 0 and var known ? Tally.Frauds(state[op.A]) / (double)known : double.NaN;
            case FeatureOpCode.Total:
                return state[op.A] * op.Scale;
            case FeatureOpCode.TotalExcludingFraud:
                return (state[op.A] - state[op.C]) * op.Scale;
            case FeatureOpCode.Mean:
                return Tally.Payments(state[op.B]) is > 0 and var count ? state[op.A] * op.Scale / count : double.NaN;
            case FeatureOpCode.MeanOfAmounts:
                return MeanOfAmounts(op, state);
            case FeatureOpCode.Max:
                return state[op.A] == long.MinValue ? double.NaN : state[op.A] * op.Scale;
            case FeatureOpCode.StandardDeviation:
                return StandardDeviation(ColumnArithmetic.Wide(state, op.A), state[op.B], Tally.Payments(state[op.C])) * op.Scale;
            case FeatureOpCode.RatioToMean:
                return Ratio(MeanOfAmounts(op, state), op.Scale);
            case FeatureOpCode.RatioToMax:
                return state[op.A] == long.MinValue ? double.NaN : Ratio(state[op.A] * op.Scale, op.Scale);
            case FeatureOpCode.Median or FeatureOpCode.RatioToMedian:
                var median = history.Median(state, op.A).Median();
                return median < 0 ? double.NaN : op.Code == FeatureOpCode.Median ? median * op.Scale : Ratio(median * op.Scale, op.Scale);
            case FeatureOpCode.Distinct:
                return history.Recency(state, op.A).CountAfter(_payment.TimeMs - op.WindowMs);
            case FeatureOpCode.Since:
                return Seconds(state[op.A]);
            case FeatureOpCode.DaysSince:
                return Days(state[op.A]);
            case FeatureOpCode.SinceSame:
                return Seconds(LastSeen(op, history, state));
            case FeatureOpCode.DaysSinceSame:
                return Days(LastSeen(op, history, state));
            case FeatureOpCode.Run:
                return state[op.A] < 0 ? double.NaN : state[op.A];
            default:
                return Travel(op, state);
        }
    }

    private double MeanOfAmounts(in FeatureOp op, ReadOnlySpan<long> state)
    {
        var count = Tally.Payments(state[op.B]) - Tally.Frauds(state[op.D]);
        var sum = (state[op.A] - state[op.C]) * op.Scale;
        if (op.PriorPayments > 0 && payments > 0)
        {
            sum += amounts * op.Scale / payments * op.PriorPayments;
            count += op.PriorPayments;
        }

        return count <= 0 ? double.NaN : sum / count;
    }

    private double Ratio(double reference, double scale) => reference > 0 ? _payment.AmountMinor * scale / reference : double.NaN;

    /// <summary>√(n·Σx² − (Σx)²) ÷ n: the difference is an exact integer, so nothing cancels.</summary>
    private static double StandardDeviation(UInt128 sumOfSquares, long sum, long count)
    {
        if (count <= 0)
            return double.NaN;
        var difference = (sumOfSquares * (UInt128)count) - ((UInt128)Math.Abs(sum) * (UInt128)Math.Abs(sum));
        return Math.Sqrt((double)difference) / count;
    }

    private long LastSeen(in FeatureOp op, EntityHistory history, Span<long> state)
    {
        var party = _payment.Entity(history.Plan.Recencies[op.A].Other);
        return party.IsNone ? HistoryPlan.Never : history.Recency(state, op.A).LastSeen(EntityHistory.PartyNumber(party));
    }

    private double Seconds(long sinceMs) => sinceMs == HistoryPlan.Never ? double.NaN : (_payment.TimeMs - sinceMs) / 1_000.0;

    private double Days(long sinceMs) => sinceMs == HistoryPlan.Never ? double.NaN : (_payment.TimeMs / DayMs) - (sinceMs / DayMs);

    private double Travel(in FeatureOp op, ReadOnlySpan<long> state)
    {
        // Distance and velocity of one entity share the five trigonometric functions of a great circle.
        if (_travelledHistory != op.History)
        {
            _travelledKm = GeoPoint.TryUnpack(state[HistoryPlan.Place], out var from) ? GeoPoint.DistanceKm(from, _payment.Place) : double.NaN;
            _travelledHistory = op.History;
        }

        var km = _travelledKm;
        if (op.Code == FeatureOpCode.Distance || double.IsNaN(km))
            return km;

        // Two places within a second are as good as at once: the speed stays finite.
        var hours = Math.Max(_payment.TimeMs - state[HistoryPlan.PlaceTime], 1_000) / (double)HourMs;
        return km / hours;
    }
}
