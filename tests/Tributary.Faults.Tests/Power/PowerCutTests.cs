using System.Globalization;
using System.Security.Cryptography;

namespace Tributary.Faults.Tests.Power;

/// <summary>The real server on a disk that loses what was not flushed: what was acknowledged is there afterwards.</summary>
public sealed class PowerCutTests(ITestOutputHelper output) : IDisposable
{
    private const int DefaultRounds = 3;
    private static readonly TimeSpan s_timeForAll = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_timeForRound = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private CancellationToken Token => _end.Token;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FAULT_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : DefaultRounds;

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_a_loss_of_power_at_any_moment()
    {
        _end.CancelAfter(s_timeForAll + (Rounds * s_timeForRound));
        var folder = Directory.CreateTempSubdirectory("tributary-power-").FullName;
        var library = await PowerCut.CompileAsync(folder, Token);
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed.ToString(CultureInfo.InvariantCulture)}");
        var chance = new Random(seed);
        await using var server = new ServerProcess(Path.Combine(folder, "data"), database: null);
        var power = new PowerCut(server.Folder, Path.Combine(folder, "scratch"));
        power.Begin(library, server.Environment);
        await server.StartAsync(Token);
        using var shop = new ShopClient(server);
        using var closing = new CancellationTokenSource();
        var shoppers = Enumerable.Range(0, 4).Select(_ => ShopAsync(shop, closing.Token)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(chance.Next(300, 3000), Token);
            await server.KillAsync(Token);
            power.Apply(chance);
            foreach (var line in power.Story)
                output.WriteLine($"{round}: {line}");
            await server.StartAsync(Token);
            await CheckAsync(shop);
        }

        await closing.CancelAsync();
        var journeys = (await Task.WhenAll(shoppers)).SelectMany(static done => done).ToList();
        await CheckAsync(shop);
        await server.StopAsync(Token);
        await using (var books = await Books.OpenAsync(server, Token))
        {
            Assert.Equal(0, await Books.CountUnbalancedAsync(books, Token));
            Assert.Equal(0, await Books.CountMiscountedAsync(books, Token));
            Assert.Equal((0, 0), await Books.CountHolesAsync(books, Token));
            foreach (var journey in journeys)
            {
                var refunds = await Books.RefundsAsync(books, journey.Id, Token);
                Assert.Equal((journey.Id, journey.Received - journey.Refunded), (journey.Id, await Books.SumAsync(books, "CardProcessor", [journey.Id, .. refunds], Token)));
            }
        }

        Assert.True(shop.Answers.Count > Rounds, "Nothing was acknowledged.");
        Assert.True(power.Seen is { Writes: > 100, Flushes: > 20 }, $"The library saw {power.Seen} writes and flushes.");
        output.WriteLine($"{power.Seen} writes and flushes, {journeys.Count} payments, {shop.Answers.Count} answers, {shop.Repeats} repeats");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_program_that_does_not_flush_is_caught()
    {
        // What the test above rests on: without a flush the harness does lose writes, with one it does not.
        var folder = Directory.CreateTempSubdirectory("tributary-power-").FullName;
        var library = await PowerCut.CompileAsync(folder, Token);
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var lost = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var power = new PowerCut(data, Path.Combine(folder, "scratch"));
            var environment = new Dictionary<string, string>(StringComparer.Ordinal);
            power.Begin(library, environment);
            await RunAsync(environment, $"printf synced > {data}/a && sync -d {data}/a && sync {data} && printf later >> {data}/a && printf new > {data}/b");
            power.Apply(new Random(seed));
            var text = await File.ReadAllTextAsync(Path.Combine(data, "a"), Token);
            Assert.StartsWith("synced", text, StringComparison.Ordinal);
            lost += text is "synced" || !File.Exists(Path.Combine(data, "b")) ? 1 : 0;
            File.Delete(Path.Combine(data, "a"));
            File.Delete(Path.Combine(data, "b"));
        }

        Assert.InRange(lost, 5, 20);
        Directory.Delete(folder, recursive: true);
    }

    private async Task RunAsync(Dictionary<string, string> environment, string script)
    {
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", script]) { UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = System.Diagnostics.Process.Start(start)!;
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }

    private async Task CheckAsync(ShopClient shop)
    {
        foreach (var answer in shop.Answers.ToArray())
            Assert.Equal((answer.Status, answer.Body), await shop.RepeatAsync(answer, Token));
    }

    private async Task<List<Journey>> ShopAsync(ShopClient shop, CancellationToken closing)
    {
        var journeys = new List<Journey>();
        do
        {
            var journey = new Journey(shop);
            journeys.Add(journey);
            await journey.PayByCardAsync(Token);
        }
        while (!closing.IsCancellationRequested);

        return journeys;
    }
}
