namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Collects diagnostics up to the bound.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<PolicyDiagnostic> _items = [];

    public bool HasErrors { get; private set; }

    public bool IsFull => _items.Count >= PolicyLimits.MaxDiagnostics;

    public void Error(SourceSpan span, string message, string advice)
    {
        HasErrors = true;
        if (!IsFull)
            _items.Add(new PolicyDiagnostic(IsError: true, span, message, advice));
    }

    public void Warn(SourceSpan span, string message, string advice)
    {
        if (!IsFull)
            _items.Add(new PolicyDiagnostic(IsError: false, span, message, advice));
    }

    public IEnumerable<PolicyDiagnostic> InOrder() => _items.OrderBy(static item => item.Span.Start);
}
