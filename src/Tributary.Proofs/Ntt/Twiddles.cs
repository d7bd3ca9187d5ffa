using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Ntt;

/// <summary>
/// The factors of a number-theoretic transform of size n = 2^<see cref="LogSize"/> over the coset shift·⟨ω⟩. A polynomial splits as
/// f(x) = E(x²) + x·O(x²); at the layer that joins halves of m values the factor of pair j is x = shift^(n/2m)·ω₂ₘ^j, kept at place m + j.
/// </summary>
internal sealed unsafe class Twiddles : IDisposable
{
    private readonly FieldBuffer _table;

    /// <summary>The factors for a domain, or their inverses for the way back.</summary>
    public Twiddles(int logSize, KoalaBear shift, bool inverse, ProverMemory? memory = null)
    {
        LogSize = logSize;
        _table = new FieldBuffer(1L << logSize, memory);
        var words = _table.Words;
        words[0] = KoalaBear.One.Word;
        for (var logHalf = 0; logHalf < logSize; logHalf++)
        {
            var start = shift.Power(1UL << (logSize - 1 - logHalf));
            var ratio = KoalaBear.TwoAdicGenerator(logHalf + 1);
            if (inverse)
                (start, ratio) = (start.Inverse(), ratio.Inverse());
            Geometric.Fill(words + (1L << logHalf), 1 << logHalf, start, ratio);
        }
    }

    /// <summary>log2 of the size of the transform.</summary>
    public int LogSize { get; }

    public uint* Words => _table.Words;

    public void Dispose() => _table.Dispose();
}
