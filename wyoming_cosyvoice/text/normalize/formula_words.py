r"""What the commands of LaTeX are called: Chinese, Japanese, Korean, English.

``{a}`` and ``{b}`` are arguments, ``{low}`` and ``{high}`` the limits below and above.
A line may name several commands. What is in no table is silent.
"""

from __future__ import annotations

COLUMNS = ("zh", "ja", "ko", "en")

_COMMANDS = r"""
\times *       | 乘 | かける | 곱하기 | times
\cdot          | 乘 | かける | 곱하기 | times
\div /         | 除以 | わる | 나누기 | divided by
+              | 加 | 足す | 더하기 | plus
-              | 减 | 引く | 빼기 | minus
\pm            | 正负 | プラスマイナス | 플러스마이너스 | plus or minus
=              | 等于 | イコール | 은 | equals
\neq \ne       | 不等于 | ノットイコール | 같지 않음 | is not equal to
< \lt          | 小于 | 小なり | 작다 | is less than
> \gt          | 大于 | 大なり | 크다 | is greater than
\leq \le \leqslant ≤ | 小于等于 | 小なりイコール | 작거나 같다 | is at most
\geq \ge \geqslant ≥ | 大于等于 | 大なりイコール | 크거나 같다 | is at least
\approx \sim   | 约等于 | ニアリーイコール | 약 | is about
\equiv         | 恒等于 | 合同 | 합동 | is equivalent to
\propto        | 正比于 | 比例 | 비례 | is proportional to
\infty         | 无穷大 | 無限大 | 무한대 | infinity
\to \rightarrow \longrightarrow | 趋于 | から | 에서 | to
\Rightarrow \implies | 推出 | ならば | 이면 | implies
\iff \Leftrightarrow | 等价于 | 同値 | 동치 | if and only if
\in            | 属于 | 属する | 속함 | in
\notin         | 不属于 | 属さない | 속하지 않음 | not in
\subset \subseteq | 包含于 | 部分集合 | 부분집합 | is a subset of
\cup           | 并 | または | 합집합 | union
\cap           | 交 | かつ | 교집합 | intersection
\land \wedge   | 且 | かつ | 그리고 | and
\lor \vee      | 或 | または | 또는 | or
\forall        | 对任意 | 任意の | 모든 | for all
\exists        | 存在 | 存在する | 존재함 | there exists
\partial       | 偏 | パーシャル | 편미분 | partial
\nabla         | 梯度 | ナブラ | 나블라 | nabla
\degree        | 度 | 度 | 도 | degrees
\%             | 百分号 | パーセント | 퍼센트 | percent
\prime '       | 撇 | プライム | 프라임 | prime
\ldots \cdots \dots | ， | 、 | , | ,
\sin           | 正弦 | サイン | 사인 | sine
\cos           | 余弦 | コサイン | 코사인 | cosine
\tan           | 正切 | タンジェント | 탄젠트 | tangent
\log           | 对数 | ログ | 로그 | log
\ln            | 自然对数 | 自然対数 | 자연로그 | natural log
\exp           | 指数 | 指数 | 지수 | exponential
\max           | 最大值 | 最大値 | 최댓값 | maximum
\min           | 最小值 | 最小値 | 최솟값 | minimum
\alpha         | 阿尔法 | アルファ | 알파 | alpha
\beta          | 贝塔 | ベータ | 베타 | beta
\gamma \Gamma  | 伽马 | ガンマ | 감마 | gamma
\delta \Delta  | 德尔塔 | デルタ | 델타 | delta
\epsilon \varepsilon | 艾普西龙 | イプシロン | 엡실론 | epsilon
\zeta          | 泽塔 | ゼータ | 제타 | zeta
\eta           | 伊塔 | イータ | 에타 | eta
\theta \Theta  | 西塔 | シータ | 세타 | theta
\kappa         | 卡帕 | カッパ | 카파 | kappa
\lambda \Lambda | 拉姆达 | ラムダ | 람다 | lambda
\mu            | 缪 | ミュー | 뮤 | mu
\nu            | 纽 | ニュー | 뉴 | nu
\xi            | 克西 | クサイ | 크시 | xi
\pi \Pi        | 派 | パイ | 파이 | pi
\rho           | 柔 | ロー | 로 | rho
\sigma \Sigma  | 西格马 | シグマ | 시그마 | sigma
\tau           | 陶 | タウ | 타우 | tau
\phi \varphi \Phi | 斐 | ファイ | 파이 | phi
\chi           | 卡 | カイ | 카이 | chi
\psi \Psi      | 普西 | プサイ | 프시 | psi
\omega \Omega  | 欧米伽 | オメガ | 오메가 | omega
"""

_STRUCTURES = r"""
\frac \dfrac \tfrac \cfrac | {b}分之{a} | {b}分の{a} | {b}분의 {a} | {a} over {b}
\binom         | {a}选{b} | {a} C {b} | {a} C {b} | {a} choose {b}
\sqrt          | 根号{a} | ルート{a} | 루트 {a} | the square root of {a}
\sqrt[]        | {b}次根号{a} | {b}乗根{a} | {b}제곱근 {a} | the root {b} of {a}
\sqrt[3]       | 三次根号{a} | 3乗根{a} | 세제곱근 {a} | the cube root of {a}
\sum           | 求和 | 総和 | 합 | the sum of
\sum__         | 从{low}到{high}求和 | {low}から{high}までの総和 | {low}부터 {high}까지의 합 | the sum from {low} to {high} of
\prod          | 连乘 | 総乗 | 곱 | the product of
\prod__        | 从{low}到{high}连乘 | {low}から{high}までの総乗 | {low}부터 {high}까지의 곱 | the product from {low} to {high} of
\int           | 积分 | 積分 | 적분 | the integral of
\int__         | 从{low}到{high}的积分 | {low}から{high}までの積分 | {low}부터 {high}까지의 적분 | the integral from {low} to {high} of
\lim           | 极限 | 極限 | 극한 | the limit of
\lim_          | {low}时的极限 | {low}の極限 | {low}의 극한 | the limit as {low} of
^2             | 的平方 | の2乗 | 의 제곱 | squared
^3             | 的立方 | の3乗 | 의 세제곱 | cubed
^              | 的{a}次方 | の{a}乗 | 의 {a}제곱 | to the power of {a}
negative       | 负 | マイナス | 마이너스 | minus
"""

ARGUMENT_KEPT = frozenset(
    """
    text textbf textit textrm mathrm mathbf mathit mathsf mathcal mathbb operatorname
    boxed overline underline bar vec hat tilde dot overrightarrow bm boldsymbol mbox
    """.split()  # noqa: SIM905 - a list to be read and extended
)
"""Commands that change the look of what they hold."""

ARGUMENT_SILENT = frozenset(
    ("begin", "end", "label", "tag", "color", "vspace", "hspace")
)
"""Commands whose argument is not for ears."""


def _read(table: str) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {}
    for line in table.strip().splitlines():
        names, *cells = (cell.strip() for cell in line.split(" | "))
        for name in names.split():
            words[name.lstrip("\\") or "\\"] = dict(zip(COLUMNS, cells, strict=True))
    return words


COMMANDS = _read(_COMMANDS)
STRUCTURES = _read(_STRUCTURES)
NAMES = frozenset(
    name
    for name in (*COMMANDS, *STRUCTURES, "boxed", "text", "mathrm")
    if name.isalpha()
)
"""The commands that count outside of dollars too."""
