// The page's words in three languages. Elements say with data-i18n which they want.
const WORDS = {
  en: {
    skip: "Skip to content", tabs: "Parts of the page", speak: "Speak", voices: "Voices", models: "Models",
    pageLanguage: "Language of this page", text: "Text", textHint: "Type something to say…", examples: "Example sentences",
    voice: "Voice", emotion: "Emotion", speed: "Speed", generate: "Speak", stopIt: "Stop", automatic: "Automatic (by language)",
    position: "Position in the sound", scopeEmpty: "What is spoken appears here: the waveform above, the spectrogram below.",
    firstAudio: "First audio", size: "Length", download: "Download WAV", history: "This visit", play: "Play", stop: "Stop",
    rtfHelp: "Real-time factor: computing time by length of the sound; below 1 is faster than speech",
    neutral: "Neutral", happy: "Happy", sad: "Sad", angry: "Angry",
    by_prosody: "This voice shows emotion by pitch, pace and loudness.", by_recordings: "This voice has recordings of its emotions.",
    by_instruction: "This model is told the emotion in words.",
    newVoice: "A voice of your own", newVoiceHint: "3 to 10 seconds of one person in a quiet room. Only use voices whose owners agree.",
    record: "Record", recordStop: "Stop recording", upload: "Choose a file…", name: "Name", transcript: "What is said in it (optional)",
    transcriptHint: "Word by word; the voice gains by it", languages: "Languages", recordingEmotion: "How it sounds", makeVoice: "Make this voice",
    allVoices: "All voices", try: "Try it", listen: "Listen", delete: "Delete", deleteSure: "Delete the voice “{0}” with its recording?",
    own: "yours", cancel: "Cancel", ok: "OK", tokenWanted: "This server asks for a token.", unreachable: "The server cannot be reached.",
    noMicrophone: "The microphone cannot be used: {0}", insecure: "Browsers allow the microphone only over HTTPS or on localhost; choose a file instead.",
    recorded: "{0} s recorded", badFile: "This file cannot be played.", making: "Listening to the recording…", made: "“{0}” is ready. Home Assistant will see it within seconds.",
    modelsHint: "What is installed, and what can be downloaded.", noModels: "Models are installed with the command line: wyoming-cosyvoice fetch.",
    downloadIt: "Download", installed: "installed", "in-use": "in use", available: "available", downloading: "downloading", failed: "failed",
    useIt: "Use", damaged: "damaged", about: "about {0}", voiceCount: "voices: {0}",
    kind_sft: "built-in voices", "kind_zero-shot": "clones voices from recordings", kind_instruct: "speaks as an instruction says",
    licence: "Licence", ready: "ready", loading: "loading the model", lost: "stopped", waiting: "waiting", listening: "listening", unusable: "not usable with this model",
    spoken: "Done: {0} seconds of sound.", zh: "Chinese", en: "English", ja: "Japanese", yue: "Cantonese", ko: "Korean", characters: "{0} characters",
  },
  "zh-Hans": {
    skip: "跳到内容", tabs: "页面各部分", speak: "说话", voices: "音色", models: "模型",
    pageLanguage: "页面语言", text: "文本", textHint: "输入要说的话……", examples: "示例句子",
    voice: "音色", emotion: "情感", speed: "语速", generate: "开始朗读", stopIt: "停止", automatic: "自动（按语言）",
    position: "播放位置", scopeEmpty: "声音会显示在这里：上面是波形，下面是频谱。",
    firstAudio: "首包延迟", size: "时长", download: "下载 WAV", history: "本次记录", play: "播放", stop: "停止",
    rtfHelp: "实时率：计算时间除以声音时长，小于 1 表示比说话快",
    neutral: "平静", happy: "高兴", sad: "悲伤", angry: "生气",
    by_prosody: "这个音色用音高、语速和响度表达情感。", by_recordings: "这个音色有各种情感的录音。", by_instruction: "这个模型按文字指令表达情感。",
    newVoice: "制作自己的音色", newVoiceHint: "在安静的房间里录一个人说 3 到 10 秒。请只使用本人同意的声音。",
    record: "录音", recordStop: "停止录音", upload: "选择文件……", name: "名称", transcript: "录音里说了什么（可选）",
    transcriptHint: "逐字写下，音色会更好", languages: "语言", recordingEmotion: "录音的情感", makeVoice: "制作音色",
    allVoices: "所有音色", try: "试用", listen: "试听", delete: "删除", deleteSure: "删除音色“{0}”和它的录音吗？",
    own: "自制", cancel: "取消", ok: "确定", tokenWanted: "服务器需要令牌。", unreachable: "无法连接服务器。",
    noMicrophone: "无法使用麦克风：{0}", insecure: "浏览器只在 HTTPS 或本机上允许使用麦克风，请选择文件。",
    recorded: "已录 {0} 秒", badFile: "无法播放这个文件。", making: "正在听录音……", made: "“{0}”做好了，Home Assistant 几秒内就能看到。",
    modelsHint: "已安装的模型，以及可以下载的模型。", noModels: "请用命令行安装模型：wyoming-cosyvoice fetch。",
    downloadIt: "下载", installed: "已安装", "in-use": "使用中", available: "可下载", downloading: "下载中", failed: "失败",
    useIt: "使用", damaged: "已损坏", about: "约 {0}", voiceCount: "音色：{0}",
    kind_sft: "内置音色", "kind_zero-shot": "用录音克隆音色", kind_instruct: "按指令说话",
    licence: "许可证", ready: "就绪", loading: "正在加载模型", lost: "已停止", waiting: "等待中", listening: "正在听", unusable: "这个模型不能用",
    spoken: "完成：{0} 秒声音。", zh: "中文", en: "英语", ja: "日语", yue: "粤语", ko: "韩语", characters: "{0} 个字符",
  },
  "zh-Hant": {
    skip: "跳到內容", tabs: "頁面各部分", speak: "說話", voices: "聲音", models: "模型",
    pageLanguage: "頁面語言", text: "文字", textHint: "輸入要說的話……", examples: "範例句子",
    voice: "聲音", emotion: "情感", speed: "語速", generate: "開始朗讀", stopIt: "停止", automatic: "自動（依語言）",
    position: "播放位置", scopeEmpty: "聲音會顯示在這裡：上面是波形，下面是頻譜。",
    firstAudio: "首段延遲", size: "長度", download: "下載 WAV", history: "本次紀錄", play: "播放", stop: "停止",
    rtfHelp: "即時率：計算時間除以聲音長度，小於 1 表示比說話快",
    neutral: "平靜", happy: "高興", sad: "悲傷", angry: "生氣",
    by_prosody: "這個聲音用音高、語速和響度表達情感。", by_recordings: "這個聲音有各種情感的錄音。", by_instruction: "這個模型按文字指令表達情感。",
    newVoice: "製作自己的聲音", newVoiceHint: "在安靜的房間裡錄一個人說 3 到 10 秒。請只使用本人同意的聲音。",
    record: "錄音", recordStop: "停止錄音", upload: "選擇檔案……", name: "名稱", transcript: "錄音裡說了什麼（可不填）",
    transcriptHint: "逐字寫下，聲音會更好", languages: "語言", recordingEmotion: "錄音的情感", makeVoice: "製作聲音",
    allVoices: "所有聲音", try: "試用", listen: "試聽", delete: "刪除", deleteSure: "要刪除聲音「{0}」和它的錄音嗎？",
    own: "自製", cancel: "取消", ok: "確定", tokenWanted: "伺服器需要權杖。", unreachable: "無法連線到伺服器。",
    noMicrophone: "無法使用麥克風：{0}", insecure: "瀏覽器只在 HTTPS 或本機上允許使用麥克風，請選擇檔案。",
    recorded: "已錄 {0} 秒", badFile: "無法播放這個檔案。", making: "正在聽錄音……", made: "「{0}」做好了，Home Assistant 幾秒內就能看到。",
    modelsHint: "已安裝的模型，以及可以下載的模型。", noModels: "請用命令列安裝模型：wyoming-cosyvoice fetch。",
    downloadIt: "下載", installed: "已安裝", "in-use": "使用中", available: "可下載", downloading: "下載中", failed: "失敗",
    useIt: "使用", damaged: "已損壞", about: "約 {0}", voiceCount: "聲音：{0}",
    kind_sft: "內建聲音", "kind_zero-shot": "用錄音複製聲音", kind_instruct: "依指令說話",
    licence: "授權", ready: "就緒", loading: "正在載入模型", lost: "已停止", waiting: "等待中", listening: "正在聽", unusable: "這個模型不能用",
    spoken: "完成：{0} 秒聲音。", zh: "中文", en: "英語", ja: "日語", yue: "粵語", ko: "韓語", characters: "{0} 個字元",
  },
};

let language = "en";

function preferred() {
  const kept = localStorage.getItem("language");
  if (kept in WORDS) return kept;
  const wanted = navigator.languages.find((tag) => /^(zh|yue|en)/i.test(tag)) || "en";
  if (/hant|tw|hk|mo|^yue/i.test(wanted)) return "zh-Hant";
  return /^zh/i.test(wanted) ? "zh-Hans" : "en";
}

export const t = (name, ...values) =>
  (WORDS[language][name] ?? name).replace(/\{(\d)\}/g, (_, i) => values[i]);

export function setLanguage(tag = preferred()) {
  language = tag;
  document.documentElement.lang = tag;
  for (const element of document.querySelectorAll("[data-i18n]")) element.textContent = t(element.dataset.i18n);
  for (const element of document.querySelectorAll("[data-i18n-placeholder]")) element.placeholder = t(element.dataset.i18nPlaceholder);
  for (const element of document.querySelectorAll("[data-i18n-label]")) element.setAttribute("aria-label", t(element.dataset.i18nLabel));
  document.dispatchEvent(new Event("language"));
  return tag;
}
