namespace Tributary.Storage.Relational;

/// <summary>The database can no longer promise durability, or refuses settings under which it could not.</summary>
public sealed class DatabaseLostException : Exception
{
    public DatabaseLostException()
    {
    }

    public DatabaseLostException(string message)
        : base(message)
    {
    }

    public DatabaseLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
