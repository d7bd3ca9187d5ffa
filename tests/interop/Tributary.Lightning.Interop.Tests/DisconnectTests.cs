using System.Diagnostics;
using System.Text.Json;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>The connection ends before a message of a payment, whichever: the payment is resolved once, and the channel goes on.</summary>
public sealed class DisconnectTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    private const long Amount = 5_000_000;

    // A hundredth of the channel, which LDK does not count as its own to spend.
    private const long Reserve = 10_000_000;

    /// <summary><c>TRIBUTARY_LIGHTNING_SWEEP=1</c>: the connection ends a second time, at each message of taking the channel up again.</summary>
    private static bool IsSweep => Environment.GetEnvironmentVariable("TRIBUTARY_LIGHTNING_SWEEP") is { Length: > 0 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payment_outlives_a_connection_that_ends_at_any_of_its_messages(bool wePay)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: wePay, cancellationToken, hasRelay: true);

        // What a payment says when nothing goes wrong.
        var (before, balance) = (pair.Relay!.Seen.Count, Balance(await pair.ReportAsync(cancellationToken)));
        await PayAsync(pair, wePay, cancellationToken);
        await SettleAsync(pair, balance + (wePay ? -Amount : Amount), cancellationToken);
        // The last answer may be on its way when the money is where it belongs.
        for (var patience = 0; pair.Relay.Seen.Count - before < 10 && patience < 6000; patience++)
            await Task.Delay(20, cancellationToken);
        var messages = pair.Relay.Seen.Count - before;
        Assert.InRange(messages, 10, 12);

        var missed = 0;
        var seconds = IsSweep ? Enumerable.Range(0, 8).Select(static at => (int?)at).Append(null).ToArray() : [null];
        for (var at = 0; at < messages; at++)
        {
            foreach (var second in seconds)
            {
                if (!await CutAsync(pair, wePay, at, second, cancellationToken))
                    missed++;
            }
        }

        // Messages that cross make a payment shorter now and then.
        Assert.InRange(missed, 0, 2 * seconds.Length);
    }

    [Fact]
    public async Task Payments_both_ways_at_once_outlive_connections_that_end_at_any_message()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken, hasRelay: true);
        for (var at = 0; at < 20; at += IsSweep ? 1 : 3)
        {
            var ours = Balance(await pair.ReportAsync(cancellationToken));
            _ = pair.Relay!.CutAfter(at);
            var payments = Task.WhenAll(
                WhenConnectedAsync(() => pair.WePayAsync(7_000_000, cancellationToken), cancellationToken),
                WhenConnectedAsync(() => pair.LdkPaysAsync(3_000_000, cancellationToken), cancellationToken),
                WhenConnectedAsync(() => pair.WePayAsync(1_000_000, cancellationToken), cancellationToken));
            await SettleAsync(pair, ours - 5_000_000, cancellationToken);
            pair.Relay.CutNoMore();
            foreach (var payment in await payments)
                Assert.True(!payment.TryGetProperty("state", out var state) || state.GetString() is "succeeded");
        }
    }

    // A payment that finds nobody connected is refused, and given again.
    private static async Task<JsonElement> WhenConnectedAsync(Func<Task<JsonElement>> pay, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await pay();
            }
            catch (InvalidOperationException exception) when (exception.Message.Contains("LDK's pay", StringComparison.Ordinal) || exception.Message.Contains("can be used now", StringComparison.Ordinal))
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    // False when the payment was over before the cut came.
    private static async Task<bool> CutAsync(ChannelPair pair, bool wePay, int at, int? second, CancellationToken cancellationToken)
    {
        // A cut of the last round may have come after everything was settled.
        var ours = Balance(await pair.ReportAsync(cancellationToken));
        await SettleAsync(pair, ours, cancellationToken);
        ours += wePay ? -Amount : Amount;
        var cut = pair.Relay!.CutAfter(at);
        var paying = PayAsync(pair, wePay, cancellationToken);
        var settling = SettleAsync(pair, ours, cancellationToken);
        await Task.WhenAny(cut, settling);
        if (cut.IsCompleted && second is { } messages)
            _ = pair.Relay.CutAfter(messages);
        await settling;
        if (!cut.IsCompleted)
        {
            // The last message changes nothing that shows.
            await Task.WhenAny(cut, Task.Delay(3_000, cancellationToken));
            await SettleAsync(pair, ours, cancellationToken);
        }

        pair.Relay.CutNoMore();
        var hash = await paying.WaitAsync(TimeSpan.FromMinutes(4), cancellationToken);
        var payments = (await pair.Ours.CallAsync("payments", cancellationToken)).GetProperty("payments").EnumerateArray().Where(payment => payment.Has("payment_hash", hash)).ToArray();
        Assert.Equal(wePay ? "succeeded" : "received", Assert.Single(payments).GetProperty("state").GetString());
        return cut.IsCompleted;
    }

    private static async Task<string> PayAsync(ChannelPair pair, bool wePay, CancellationToken cancellationToken)
    {
        var paid = await WhenConnectedAsync(() => wePay ? pair.WePayAsync(Amount, cancellationToken) : pair.LdkPaysAsync(Amount, cancellationToken), cancellationToken);
        return paid.GetProperty("payment_hash").GetString()!;
    }

    private static long Balance(JsonElement channel) => channel.GetProperty("ours_msat").GetInt64();

    // Dials again as long as it must, until both sides agree and nothing is under way any more.
    private static async Task SettleAsync(ChannelPair pair, long ours, CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var channel = await pair.ReportAsync(cancellationToken);
            if (!channel.GetProperty("usable").GetBoolean())
                await pair.Ours.TryCallAsync("connect", cancellationToken, ("peer", pair.Relay!.Address));
            else if (channel.GetProperty("htlcs").GetInt32() == 0 && Balance(channel) == ours && await AgreesAsync(pair, channel.GetProperty("theirs_msat").GetInt64(), cancellationToken))
                return;
            if (patience.Elapsed > TimeSpan.FromMinutes(3))
                throw new TimeoutException($"Ours should be {ours}: {channel}; {await pair.Ldk.CommandAsync("channels", cancellationToken)}");
            await Task.Delay(20, cancellationToken);
        }
    }

    private static async Task<bool> AgreesAsync(ChannelPair pair, long theirs, CancellationToken cancellationToken)
    {
        var channel = (await pair.Ldk.CommandAsync("channels", cancellationToken)).EnumerateArray().Single(one => one.Has("channel_id", pair.ChannelId));
        return channel.GetProperty("usable").GetBoolean() && channel.GetProperty("out_msat").GetInt64() == theirs - Reserve;
    }
}
