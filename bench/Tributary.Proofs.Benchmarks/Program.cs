using System.Diagnostics;
using Tributary.Proofs.Air;
using Tributary.Proofs.Benchmarks;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tables;

var log = args.Length > 0 ? int.Parse(args[0]) : 16;
var parameters = args.Length > 1 && string.Equals(args[1], "small", StringComparison.Ordinal) ? ProofParameters.Small : ProofParameters.Fast;
var reps = args.Length > 2 ? int.Parse(args[2]) : 5;
var p2 = Poseidon2Parameters.Width16;
var air = new Poseidon2Air(p2);
var machine = new Machine("hashes", [air]);
using var memory = new ProverMemory();
using var key = ProvingKey.Create(machine, parameters);
for (var rep = 0; rep < reps; rep++)
{
    using var trace = new ColumnMatrix(air.Width, log, memory);
    for (var c = 0; c < 16; c++)
    {
        var col = trace.Column(c);
        for (var i = 0; i < col.Length; i++)
            col[i] = KoalaBear.FromUInt32((uint)((i * 7919) + c));
    }

    var s = CpuClock.Seconds;
    var w = Stopwatch.StartNew();
    Poseidon2Trace.Fill(p2, trace);
    var gen = CpuClock.Seconds - s;
    var last = CpuClock.Seconds;
    var progress = new SyncProgress(p =>
    {
        Console.Write($"{p.Stage} {(CpuClock.Seconds - last) * 1e9 / trace.Height:F0} ns  ");
        last = CpuClock.Seconds;
    });
    var proof = StarkProver.Prove(key, Statement.Empty(1), [trace], new ProverOptions { Progress = progress, Memory = memory });
    var total = CpuClock.Seconds - s;
    var wall = w.Elapsed.TotalSeconds;
    var v = CpuClock.Seconds;
    var result = StarkVerifier.Verify(key.VerifyingKey, Statement.Empty(1), proof);
    v = CpuClock.Seconds - v;
    Console.WriteLine($"\n  trace {gen * 1e9 / trace.Height:F0} ns, total {total:F3} s cpu ({wall:F3} s wall), {trace.Height / total:F0} perms/s, proof {proof.Length} bytes, verify {v * 1e3:F2} ms {(result.IsOk ? result.Value.Security.ProvableBits : -1):F1} bits");
    if (rep == 0 && result.IsOk)
        Console.WriteLine(result.Value.Security);
    if (!result.IsOk) Console.WriteLine(result.Error);
}

sealed class SyncProgress(Action<ProverProgress> a) : IProgress<ProverProgress>
{
    public void Report(ProverProgress value) => a(value);
}
