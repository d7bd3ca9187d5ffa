using System.Diagnostics;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Tests.Node;
using Tributary.Primitives.Amounts;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>
/// Two of our nodes in this process, over TCP on loopback and an embedded chain, each with a log and an encrypted replica: from the pay call to
/// the preimage durable at the payer, 10,000 sat each, an HTLC output on both commitments.
/// </summary>
internal sealed class PaymentFigures : IAsyncDisposable
{
    private const long Amount = 10_000_000;
    private const int Parallel = 100;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lightning-bench-");
    private readonly NodeNetwork _network;
    private readonly TimeSpan? _flush;
    private readonly List<CountedDirectory> _logs = [];
    private WholeNode _payer = null!;
    private WholeNode _payee = null!;

    private PaymentFigures(NodeNetwork network, TimeSpan? flush) => (_network, _flush) = (network, flush);

    /// <summary>Prepares two nodes with a channel.</summary>
    /// <param name="flush">What a flush takes; null flushes the disk of this machine.</param>
    internal static async Task<PaymentFigures> StartAsync(TimeSpan? flush)
    {
        var figures = new PaymentFigures(await NodeNetwork.StartAsync(CancellationToken.None), flush);
        figures._payer = await figures.AddAsync("payer");
        figures._payee = await figures.AddAsync("payee");
        await figures._network.OpenAsync(figures._payer, figures._payee, 900_000_000, CancellationToken.None);
        await figures.ManyAsync(200, Parallel);
        return figures;
    }

    /// <summary>One after the other, then a hundred in flight.</summary>
    internal async Task AddToAsync(FigureReport report, int single, int many)
    {
        var name = _flush is { } flush ? $"{flush.TotalMilliseconds:0.##}ms" : "disk";
        var one = await ManyAsync(single, 1);
        var fiveFlushes = 5 * (_flush?.TotalMilliseconds ?? MeasureDisk());
        report.Add(new Figure($"payments.one.p50.{name}", one.At(50), "ms", null, 3 + fiveFlushes, one.Conditions()));
        var all = await ManyAsync(many, Parallel);
        double? goal = _flush?.TotalMilliseconds switch
        {
            null => null,
            <= 0.1 => 1_000,
            <= 1 => 500,
            <= 4 => 150,
            _ => null,
        };
        report.Add(new Figure($"payments.hundred.{name}", all.PerSecond, "payments/s", goal, null, all.Conditions()));
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Task<WholeNode> AddAsync(string name)
    {
        var log = new CountedDirectory(Disk(name));
        _logs.Add(log);
        return _network.AddAsync(
            CancellationToken.None,
            options => options with { Replica = Disk(name + "-replica") },
            disk: log);
    }

    private IStorageDirectory Disk(string name)
    {
        var disk = DiskDirectory.Open(_folder.CreateSubdirectory(name).FullName);
        return _flush is { } flush ? new DelayedDirectory(disk, flush) : disk;
    }

    private double MeasureDisk()
    {
        var path = Path.Combine(_folder.FullName, "probe");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var times = new double[21];
        for (var i = 0; i < times.Length; i++)
        {
            file.Write(new byte[512]);
            var start = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private async Task<PaymentRun> ManyAsync(int count, int inFlight)
    {
        var invoices = new string[count];
        var request = new InvoiceRequest(new MilliSatoshis(Amount));
        for (var i = 0; i < count; i += Parallel)
        {
            var some = await Task.WhenAll(Enumerable.Range(0, Math.Min(Parallel, count - i)).Select(_ => _payee.Lightning.CreateInvoiceAsync(request, CancellationToken.None)));
            some.Select(static invoice => invoice.Value.Text).ToArray().CopyTo(invoices, i);
        }

        GC.Collect();
        var times = new double[count];
        var next = -1;
        var flushes = _logs.Select(static log => log.Flushes).ToArray();
        var allocated = GC.GetTotalAllocatedBytes();
        var collections = GC.CollectionCount(2);
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(PayAsync)));
        var elapsed = Stopwatch.GetElapsedTime(start);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        return new PaymentRun(times, inFlight, elapsed, processor, allocated, [.. _logs.Select((log, i) => log.Flushes - flushes[i])], GC.CollectionCount(2) - collections);

        async Task PayAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var began = Stopwatch.GetTimestamp();
                var paid = await _payer.Lightning.PayAsync(new PayRequest(invoices[i]), CancellationToken.None);
                times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                if (!paid.TryGet(out var payment, out var refusal))
                    throw new InvalidOperationException($"Payment {i} is refused: {refusal}");
                if (payment.Preimage is null)
                    throw new InvalidOperationException($"Payment {i} is {payment.State}: {payment.Reason}");
            }
        }
    }
}
