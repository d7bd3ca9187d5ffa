using System.Diagnostics.CodeAnalysis;

namespace Tributary.Primitives.Results;

/// <summary>
/// Either a value or the error that a user or a peer caused. Exceptions are left for bugs and broken I/O.
/// A default instance is neither, and says so when it is read.
/// </summary>
public readonly struct Result<T, TError>
    where T : notnull
    where TError : class
{
    private readonly T? _value;
    private readonly TError? _error;
    private readonly bool _isOk;

    private Result(T? value, TError? error, bool isOk)
    {
        _value = value;
        _error = error;
        _isOk = isOk;
    }

    /// <summary>True when there is a value.</summary>
    public bool IsOk => _isOk;

    /// <summary>The value. Reading it from a failed result is a bug and throws.</summary>
    public T Value => _isOk ? _value! : throw new InvalidOperationException($"The result is an error: {_error?.ToString() ?? "uninitialised"}");

    /// <summary>The error. Reading it from a successful result is a bug and throws.</summary>
    public TError Error => _error ?? throw new InvalidOperationException("The result is not an error.");

    /// <summary>True with the value, or false with the error.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out TError? error)
    {
        value = _value;
        error = _isOk ? null : Error;
        return _isOk;
    }

    /// <summary>True with the value; false where the caller does not need the reason.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return _isOk;
    }

    /// <summary>Continues with the value, or passes the error on.</summary>
    public Result<TNext, TError> Then<TNext>(Func<T, Result<TNext, TError>> next)
        where TNext : notnull =>
        _isOk ? next(_value!) : new Result<TNext, TError>(default, Error, isOk: false);

    public override string ToString() => _isOk ? _value!.ToString() ?? "" : _error?.ToString() ?? "uninitialised";

    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The conversion is the constructor.")]
    public static implicit operator Result<T, TError>(T value) => new(value, null, isOk: true);

    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The conversion is the constructor.")]
    public static implicit operator Result<T, TError>(TError error) => new(default, error ?? throw new ArgumentNullException(nameof(error)), isOk: false);
}
