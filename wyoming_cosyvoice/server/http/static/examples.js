// What the page offers to say, and the emotions and instructions to say it with.
export const EMOTIONS = ["neutral", "happy", "sad", "angry"];
export const EXAMPLES = {
  zh: ["普通话", "今天气温21.5°C，适合出门散步。"],
  en: ["English", "Good evening! It is 21.5°C in the living room, and the lights are off."],
  ja: ["日本語", "おはようございます。今日はいい天気ですね。"],
  yue: ["粵語", "你好，今日天氣好好，不如出去行下啦。"],
  ko: ["한국어", "안녕하세요. 오늘 날씨가 정말 좋네요."],
  de: ["Deutsch", "Guten Abend! Im Wohnzimmer sind es 21,5 °C, und das Licht ist aus."],
  es: ["Español", "¡Buenas noches! En el salón hay 21,5 °C y la luz está apagada."],
  fr: ["Français", "Bonsoir ! Il fait 21,5 °C dans le salon et la lumière est éteinte."],
  it: ["Italiano", "Buonasera! In salotto ci sono 21,5 °C e la luce è spenta."],
  ru: ["Русский", "Добрый вечер! В гостиной 21,5 °C, свет выключен."],
};
/** Languages that no model of 300M speaks: they are offered where a voice does. */
export const RARE = new Set(["de", "es", "fr", "it", "ru"]);

// The sentences that CosyVoice2 and 3 were trained with.
const DIALECTS = "广东话 东北话 甘肃话 贵州话 河南话 湖北话 湖南话 江西话 闽南话 宁夏话 山西话 陕西话 山东话 上海话 四川话 天津话 云南话".split(" ");
export const INSTRUCTIONS = [...DIALECTS.map((dialect) => `请用${dialect}表达。`), "请用尽可能快地语速说一句话。", "请用尽可能慢地语速说一句话。",
  "Please say a sentence as loudly as possible.", "Please say a sentence in a very soft voice."];
