using System.Data.Common;
using System.Xml.Linq;
using Dapper;
using EcoLabelRegistry.Changes;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace EcoLabelRegistry.Pages;

/// <summary>Keeps what encrypts sessions in the registry's own database: a restart ends no session, and all servers on one database read each other's.</summary>
/// <remarks>Data Protection asks seldom, keeps what it read in memory, and knows no asynchronous way.</remarks>
public sealed class SessionKeys(DbDataSource database, TimeProvider clock) : IXmlRepository
{
    private const string All = "select xml from session_key order by made_at, name";

    private const string Insert = "insert into session_key (name, made_at, xml) values (@Name, @At, @Xml) on conflict (name) do nothing";

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = database.OpenConnection();
        return [.. db.Query<string>(All).Select(xml => XElement.Parse(xml))];
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = database.OpenConnection();
        db.Execute(Insert, new { Name = friendlyName, At = Change.Instant(clock.GetUtcNow()), Xml = element.ToString(SaveOptions.DisableFormatting) });
    }
}
