using System.Diagnostics;
using System.Globalization;
using Tributary.Lightning.Benchmarks.Figures;

namespace Tributary.Payments.Benchmarks;

/// <summary>Figures of a server that holds many payments already.</summary>
internal sealed class ServerFigures(FigureReport report, TextWriter progress, string folder, int intents)
{
    // The store of a fresh folder.
    private const string Store = "store_main";
    private const int Starts = 10;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);

    internal async Task AddAsync(bool isLoaded, int rate, int seconds, int pages)
    {
        // The first start makes the folder; keys and certificates of a first start are no part of a cold start.
        progress.WriteLine("  a first start makes the folder");
        await using (await ServerProcess.StartAsync(folder))
        {
        }

        await StoredPayments.FillAsync(folder, Store, intents, progress);
        var size = new FileInfo(Path.Combine(folder, "payments.db")).Length;
        var stored = await StoredPayments.CountAsync(folder);
        if (stored > 0)
            Add("store.bytes_an_intent", (double)size / stored, "B", atMost: 3_000, ("database GB", size / 1e9));
        await AddStartsAsync(size);
        await new ReadFigures(folder, Store, progress).AddAsync((name, times) => Add($"read.{name}", OpenLoop.Percentile(times, 95), "ms", atMost: null, ("p50 ms", OpenLoop.Percentile(times, 50)), ("reads", times.Length)));
        if (!isLoaded)
            return;
        await using var server = await ServerProcess.StartAsync(folder);

        using var client = new ApiClient(server.Url, server.SecretKey);
        progress.WriteLine("  opening a channel");
        using (await client.PostAsync("/v1/test_helpers/channels", new KeyValuePair<string, string>("amount", "2000000")))
        {
        }

        await Task.Delay(TimeSpan.FromSeconds(30));
        var (all, anonymous) = server.ReadMemory();
        Add("memory.idle", all / 1e6, "MB", atMost: 250, ("of it anonymous MB", anonymous / 1e6), ("after", "start, a channel and 30 s"));

        var duration = TimeSpan.FromSeconds(seconds);
        await AddLoadAsync(server, "create", rate, duration, number => client.TryPostAsync("/v1/payment_intents", Order(number)), goal: 15);
        await AddLoadAsync(server, "create_confirm_scored", rate, duration, number => client.TryPostAsync("/v1/payment_intents", [.. Order(number), .. Card(number)]), goal: null);
        await AddPagesAsync(client, 0, pages);
        await AddPagesAsync(client, rate, pages);
        await AddWebhooksAsync(client, 2_000);
        (all, anonymous) = server.ReadMemory();
        Add("memory.after_load", all / 1e6, "MB", atMost: null, ("of it anonymous MB", anonymous / 1e6));
    }

    private async Task AddStartsAsync(long size)
    {
        progress.WriteLine($"  {Starts} starts");
        var times = new List<TimeSpan>(Starts);
        for (var i = 0; i < Starts; i++)
        {
            await using var server = await ServerProcess.StartAsync(folder);
            times.Add(server.StartTime);
        }

        TimeSpan[] sorted = [.. times.Order()];
        Add("start.first_answer", sorted[Starts / 2].TotalSeconds, "s", atMost: 2, ("median of", Starts), ("longest s", sorted[^1].TotalSeconds), ("database GB", size / 1e9));
    }

    private async Task AddLoadAsync(ServerProcess server, string name, int rate, TimeSpan duration, Func<int, Task<bool>> send, double? goal)
    {
        progress.WriteLine($"  {name}: {rate} a second for {(s_warmUp + duration).TotalSeconds:0} s");
        var cpu = server.ReadProcessorTime();
        var (times, failed) = await OpenLoop.RunAsync(rate, s_warmUp, duration, send, CancellationToken.None);
        cpu = server.ReadProcessorTime() - cpu;
        if (failed > 0)
            throw new InvalidOperationException($"{failed} of {times.Length} requests failed.");
        foreach (var percent in (double[])[50, 95, 99])
        {
            Add(
                $"{name}.p{percent.ToString(CultureInfo.InvariantCulture)}", OpenLoop.Percentile(times, percent), "ms", percent == 95 ? goal : null,
                ("requests a second", rate), ("requests", times.Length), ("server's processor ms a request", cpu.TotalMilliseconds / (rate * (s_warmUp + duration).TotalSeconds)));
        }
    }

    private async Task AddPagesAsync(ApiClient client, int rate, int pages)
    {
        progress.WriteLine($"  {pages} Lightning payments on watched pages beside {rate} requests a second");
        using var ended = new CancellationTokenSource();
        var load = rate == 0
            ? Task.CompletedTask
            : OpenLoop.RunAsync(rate, TimeSpan.Zero, TimeSpan.FromMinutes(10), number => client.TryPostAsync("/v1/payment_intents", Order(number)), ended.Token);
        var times = new List<TimeSpan>(pages);
        var page = new WatchedPage(client);
        for (var i = 0; i < pages + 10; i++)
        {
            var time = await page.PayAsync();
            if (i >= 10)
                times.Add(time);
        }

        await ended.CancelAsync();
        await load;
        TimeSpan[] sorted = [.. times.Order()];
        foreach (var percent in (double[])[50, 95, 99])
        {
            Add(
                $"paid_to_page.p{percent.ToString(CultureInfo.InvariantCulture)}", OpenLoop.Percentile(sorted, percent), "ms", percent == 95 ? 100 : null,
                ("from", "the wallet's pay call"), ("payments", sorted.Length), ("requests a second beside", rate));
        }
    }

    private async Task AddWebhooksAsync(ApiClient client, int payments)
    {
        progress.WriteLine($"  webhooks of {payments} payments");
        await using var receiver = await HookReceiver.StartAsync();
        using var endpoint = await client.PostAsync("/v1/webhook_endpoints", new KeyValuePair<string, string>("url", receiver.Url), new("enabled_events[]", "payment_intent.succeeded"));
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, payments), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, _) =>
        {
            if (!await client.TryPostAsync("/v1/payment_intents", [.. Order(number), .. Card(number)]))
                throw new InvalidOperationException("A payment was refused.");
        });
        var made = Stopwatch.GetElapsedTime(began);
        while (receiver.Count < payments && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(5))
            await Task.Delay(5);
        var all = Stopwatch.GetElapsedTime(began);
        if (receiver.Count < payments)
            throw new InvalidOperationException($"{payments - receiver.Count} webhooks did not arrive.");
        Add("webhooks.delivered", payments / all.TotalSeconds, "1/s", null, ("payments made and scored a second meanwhile", payments / made.TotalSeconds), ("seconds behind at the end", (all - made).TotalSeconds));
    }

    private void Add(string name, double value, string unit, double? atMost, params (string Key, object Value)[] conditions) =>
        report.Add(new Figure(name, value, unit, null, atMost, [.. conditions.Select(static one => new KeyValuePair<string, object>(one.Key, one.Value)), new("intents stored", intents)]));

    private static KeyValuePair<string, string>[] Order(int number) =>
    [
        new("amount", (500 + (number % 9_500)).ToString(CultureInfo.InvariantCulture)),
        new("currency", "eur"),
        new("description", "Order " + number.ToString(CultureInfo.InvariantCulture)),
        new("metadata[order_id]", number.ToString(CultureInfo.InvariantCulture)),
    ];

    private static KeyValuePair<string, string>[] Card(int number) =>
    [
        new("confirm", "true"),
        new("payment_method_data[type]", "card"),
        new("payment_method_data[card][number]", "4242424242424242"),
        new("payment_method_data[card][exp_month]", "12"),
        new("payment_method_data[card][exp_year]", "2034"),
        new("payment_method_data[card][cvc]", "123"),
        new("payment_method_data[billing_details][email]", $"shopper{(number % 1_000).ToString(CultureInfo.InvariantCulture)}@example.org"),
    ];
}
