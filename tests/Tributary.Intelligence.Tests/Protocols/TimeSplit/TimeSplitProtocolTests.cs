using Tributary.Intelligence.Generation;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.TimeSplit;
using Tributary.Intelligence.Reports;

namespace Tributary.Intelligence.Tests.Protocols.TimeSplit;

public sealed class TimeSplitProtocolTests
{
    private static readonly TimeSplitOptions Options = new() { Features = PaymentFormat.Commerce.Engine, Replicates = 20 };

    [Fact]
    public void The_last_payments_are_tested_after_a_gap()
    {
        var history = Shop.History();
        var run = Run(history, Options);
        Assert.Equal(history.Count - (int)Math.Ceiling(.7 * history.Count), run.Payments.Labels.Length);
        Assert.True(run.TestStart - run.TrainEnd > TimeSpan.FromDays(7));
        Assert.True(run.TestStart - run.TrainEnd < TimeSpan.FromDays(7.5));
        Assert.InRange(run.Metrics[MetricNames.RocAuc].Estimate, .9, 1);
        Assert.InRange(run.Metrics[MetricNames.AveragePrecision].Estimate, .6, 1);
        Assert.Equal(run.Payments.Scores.ToArray(), Run(history, Options).Payments.Scores.ToArray());
    }

    [Fact]
    public void Features_see_no_outcome_before_it_is_known()
    {
        var history = Shop.History();
        var run = Run(history, Options);
        var other = Run(new Shop.Flipped(history, run.TestStart - TimeSpan.FromDays(6)), Options);

        // What was not known at the start of the test is the opposite now: the first day's features and the model are the same.
        var sameDay = Enumerable.Range(0, run.Payments.Scores.Length)
            .Count(i => history.Payment(history.Count - run.Payments.Scores.Length + i).TimeMs < (run.TestStart + TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());
        Assert.NotEqual(0, sameDay);
        Assert.Equal(run.Payments.Scores.Take(sameDay), other.Payments.Scores.Take(sameDay));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) =>
        Assert.Equal("test-share", TimeSplitProtocol.Run(Shop.History(), Options with { TestShare = share }, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken).Error.Field);

    [Fact]
    public void Payments_without_fraud_are_refused()
    {
        using var folder = new ScratchFolder();
        var history = Shop.History(new CommerceOptions { Customers = 50, Days = 40, FraudScale = 0 });
        Assert.Equal("file", TimeSplitProtocol.Run(history, Options, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken).Error.Field);
    }

    private static TimeSplitRun Run(IPaymentHistory history, TimeSplitOptions options) =>
        TimeSplitProtocol.Run(history, options, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken).Value;
}
