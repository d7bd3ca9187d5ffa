using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tributary.Testing;

/// <summary>
/// A bounded mutation loop for parsers of untrusted bytes. Deterministic; <c>TRIBUTARY_FUZZ_ITERATIONS</c> makes it longer,
/// <c>TRIBUTARY_FUZZ_SEED</c> sends it elsewhere, <c>TRIBUTARY_FUZZ_INPUT</c> (hex) runs one input instead.
/// </summary>
public static class Fuzz
{
    /// <summary>
    /// Hands mutations of the corpus (and first the corpus itself) to the target, which must not throw and must keep to the limits on
    /// allocation.
    /// </summary>
    /// <param name="corpus">Valid inputs, from which the mutations start.</param>
    /// <param name="target">The code under test.</param>
    /// <param name="iterations">How many mutated inputs; <c>TRIBUTARY_FUZZ_ITERATIONS</c> replaces it.</param>
    /// <param name="limits">What a run may allocate.</param>
    /// <param name="seed">Where the mutations start; <c>TRIBUTARY_FUZZ_SEED</c> replaces it.</param>
    /// <param name="test">The calling test, for the replay line.</param>
    /// <exception cref="FuzzFailureException">The target broke a promise; the message holds the input.</exception>
    public static void Run(
        IReadOnlyList<byte[]> corpus,
        FuzzTarget target,
        int iterations = 2000,
        FuzzLimits? limits = null,
        ulong seed = 1,
        [CallerMemberName] string test = "") =>
        Loop(corpus, input => Measure(input, target), iterations, limits ?? new FuzzLimits(), seed, test);

    /// <summary>
    /// As <see cref="Run"/> for a parser of text: mutations are of the UTF-8 and are decoded (broken sequences become U+FFFD) before the
    /// measured call. Limits count bytes of UTF-8.
    /// </summary>
    /// <exception cref="FuzzFailureException">The target broke a promise; the message holds the input.</exception>
    public static void RunText(
        IReadOnlyList<string> corpus,
        FuzzTextTarget target,
        int iterations = 2000,
        FuzzLimits? limits = null,
        ulong seed = 1,
        [CallerMemberName] string test = "") =>
        Loop(
            [.. corpus.Select(Encoding.UTF8.GetBytes)],
            input => Measure(Encoding.UTF8.GetString(input), target),
            iterations,
            limits ?? new FuzzLimits(),
            seed,
            test);

    private static void Loop(
        IReadOnlyList<byte[]> corpus, Func<byte[], long> measure, int iterations, FuzzLimits limits, ulong seed, string test)
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_INPUT") is { } hex)
        {
            Once(Convert.FromHexString(hex), measure, limits, test);
            return;
        }

        foreach (var input in corpus)
            Once(input, measure, limits, test);

        var mutator = new Mutator(corpus, Number("TRIBUTARY_FUZZ_SEED", seed), limits.InputBytesMax);
        for (var left = Number("TRIBUTARY_FUZZ_ITERATIONS", (ulong)iterations); left > 0; left--)
            Once(mutator.Next(), measure, limits, test);
    }

    private static void Once(byte[] input, Func<byte[], long> measure, FuzzLimits limits, string test)
    {
        var allowed = (input.Length * (long)limits.BytesPerInputByte) + limits.Bytes;
        long allocated;
        try
        {
            allocated = measure(input);
            // What is made once (a table, a static, code compiled anew) counts against the first run only.
            if (allocated > allowed)
                allocated = Math.Min(measure(input), measure(input));
        }
        catch (Exception exception)
        {
            throw new FuzzFailureException($"{exception.GetType().Name} on {Replay(input, test)}", exception);
        }

        if (allocated > allowed)
            throw new FuzzFailureException($"{allocated} bytes were allocated, {allowed} are allowed, on {Replay(input, test)}", inner: null);
    }

    private static long Measure(byte[] input, FuzzTarget target)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        target(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Measure(string input, FuzzTextTarget target)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        target(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Replay(byte[] input, string test)
    {
        var hex = Convert.ToHexStringLower(input);
        return $"""
            {input.Length} bytes {hex}
            replay: TRIBUTARY_FUZZ_INPUT={hex} dotnet test --filter-method "*.{test}"
            """;
    }

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
