using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EcoLabelRegistry.Tests.Keys;

/// <summary>An OpenID Connect provider on loopback: its configuration, its keys over HTTP, and tokens signed with them.</summary>
public sealed class Issuer : IAsyncDisposable
{
    private readonly List<RsaSecurityKey> _published = [];
    private WebApplication? _app;

    public string Address { get; private set; } = "";

    /// <summary>The key that it signs with.</summary>
    public RsaSecurityKey Key { get; private set; } = null!;

    public async Task StartAsync()
    {
        Rotate();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Address,
            jwks_uri = Address + "/keys",
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        _app.MapGet("/keys", () => Results.Json(new
        {
            keys = _published.Select(k => k.Rsa.ExportParameters(includePrivateParameters: false)).Zip(_published, (p, k) => new
            {
                kty = "RSA",
                use = "sig",
                alg = "RS256",
                kid = k.KeyId,
                n = Base64UrlEncoder.Encode(p.Modulus),
                e = Base64UrlEncoder.Encode(p.Exponent),
            }),
        }));
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>Makes a new key, publishes it and signs with it from now on; the old ones are published no longer.</summary>
    public void Rotate()
    {
        Key = NewKey();
        _published.Clear();
        _published.Add(Key);
    }

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("n") };

    /// <summary>A token; each part can be made wrong.</summary>
    public string Token(
        string body, string audience = "registry", string? issuer = null, string claim = "label_body", TimeSpan? validFor = null, SecurityKey? key = null, string algorithm = "RS256") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address,
            Audience = audience,
            NotBefore = DateTime.UtcNow.AddHours(-2),
            Expires = DateTime.UtcNow + (validFor ?? TimeSpan.FromMinutes(5)),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { [claim] = body },
            SigningCredentials = new SigningCredentials(key ?? Key, algorithm),
        });

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
